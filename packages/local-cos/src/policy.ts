import { matchesPattern } from './pattern.js'
import { meetsConditions, parseConditions, type Condition, type ConditionValue } from './policy-conditions.js'
import { PolicyError } from './policy-error.js'
import { asRecord, asTexts, parsePolicyJson, withKnownNames } from './policy-json.js'

/** The policy language: https://cloud.tencent.com/document/product/598/10603 */
export interface Policy {
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly effect: 'allow' | 'deny'
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly conditions: readonly Condition[]
}

/** A request to check against a policy. */
export interface AccessRequest {
  /** Such as `UploadPart`. */
  readonly operation: string
  readonly region: string
  /** `<name>-<appid>`. */
  readonly bucket: string
  /** Resource after the bucket: a key, the prefix of a listing, or empty. */
  readonly key: string
  readonly conditionValue: ConditionValue
}

/** "Deny over allow, and what nothing allows is denied." (598/10606) */
export function isAllowed(policy: Policy, request: AccessRequest): boolean {
  const fitting = policy.statements.filter((statement) => fits(statement, request))
  return fitting.length > 0 && fitting.every(({ effect }) => effect === 'allow')
}

/** Whether a statement applies to a request. */
export function fits(statement: Statement, request: AccessRequest): boolean {
  return (
    statement.actions.some((action) => fitsAction(action, request.operation)) &&
    statement.resources.some((resource) => fitsResource(resource, request)) &&
    meetsConditions(statement.conditions, request.conditionValue)
  )
}

/** `name/cos:UploadPart`, `cos:UploadPart`, `name/cos:*` or `*`. */
function fitsAction(action: string, operation: string): boolean {
  return matchesPattern(action.replace(/^name\//, '').toLowerCase(), `cos:${operation}`.toLowerCase())
}

/**
 * `qcs::cos:<region>:uid/<appid>:<bucket>-<appid>/<key>`, or the older
 * `qcs::cos:<region>:uid/<appid>:prefix//<appid>/<bucket>/<key>`. A star matches within its field, except in
 * the last field.
 */
function fitsResource(resource: string, { region, bucket, key }: AccessRequest): boolean {
  if (resource === '*') return true
  const [, resourceRegion, owner, path] = /^qcs::cos:([^:]*):([^:]*):([^]*)$/.exec(resource) ?? []
  if (resourceRegion === undefined || owner === undefined || path === undefined) return false
  const dash = bucket.lastIndexOf('-')
  const [name, appid] = [bucket.slice(0, dash), bucket.slice(dash + 1)]
  const paths = [`${bucket}/${key}`, `prefix//${appid}/${name}/${key}`]
  // A bucket may be named without a trailing slash.
  if (key === '') paths.push(bucket, `prefix//${appid}/${name}`)
  return (
    (resourceRegion === '' || matchesPattern(resourceRegion, region)) &&
    (owner === '' || matchesPattern(owner, `uid/${appid}`)) &&
    paths.some((candidate) => matchesPattern(path, candidate))
  )
}

/** `name/cos:PutObject`, `cos:*`, the actions of another service, or `*`. */
const actionForm = /^(?:\*|(?:name\/)?[a-z][a-z\d-]*:[\w*]+)$/i
/** `qcs::<service>:<region>:<account>:<path>` or `*`. */
const resourceForm = /^(?:\*|qcs::[a-z][a-z\d-]*:[^:]*:[^:]*:[^]+)$/

/** Elements of a policy and of a statement, in lower case. */
export const policyElements = ['version', 'statement', 'principal', 'id']
export const statementElements = ['effect', 'action', 'resource', 'condition', 'principal', 'sid']

/**
 * Parses a policy's JSON. `principal` is ignored: the policy applies to the holder of the token.
 *
 * @throws {@link PolicyError} if the policy has something this store does not support.
 */
export function parsePolicy(json: string): Policy {
  return { statements: statementsOf(json).map((statement) => parseStatement(statement)) }
}

/**
 * The statements of a policy, each with the names of its elements in lower case, and with the `principal` of the whole
 * policy if it has none of its own.
 *
 * @throws {@link PolicyError}
 */
export function statementsOf(json: string): readonly Readonly<Record<string, unknown>>[] {
  const { version, statement, principal } = withKnownNames(
    parsePolicyJson(json),
    policyElements,
    'the policy',
  )
  if (version !== '2.0') throw new PolicyError('its version is not "2.0"')
  const statements: readonly unknown[] = Array.isArray(statement) ? statement : [statement]
  if (statements.length === 0) throw new PolicyError('it has no statement')
  return statements.map((value) => ({
    principal,
    ...withKnownNames(asRecord(value, 'a statement'), statementElements, 'a statement'),
  }))
}

/**
 * @param statement with the names of its elements in lower case
 * @throws {@link PolicyError}
 */
export function parseStatement(statement: Readonly<Record<string, unknown>>): Statement {
  const effect = typeof statement['effect'] === 'string' ? statement['effect'].toLowerCase() : ''
  if (effect !== 'allow' && effect !== 'deny') throw new PolicyError('an effect is neither allow nor deny')
  return {
    effect,
    actions: textsOfForm(statement['action'], 'action', actionForm),
    resources: textsOfForm(statement['resource'], 'resource', resourceForm),
    conditions: statement['condition'] === undefined ? [] : parseConditions(statement['condition']),
  }
}

/** A text of another form would match nothing, so a deny with it would deny nothing. */
function textsOfForm(value: unknown, what: string, form: RegExp): readonly string[] {
  const texts = asTexts(value, what)
  const odd = texts.find((text) => !form.test(text))
  if (odd !== undefined) throw new PolicyError(`the ${what} ${JSON.stringify(odd)} cannot be understood`)
  return texts
}
