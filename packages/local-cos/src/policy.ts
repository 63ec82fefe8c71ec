import { matchesPattern } from './pattern.js'
import { isKnownOperator, meetsConditions, type Condition, type ConditionValue } from './policy-conditions.js'

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

export class PolicyError extends Error {
  override readonly name = 'PolicyError'
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

/**
 * Parses a policy's JSON. `principal` is ignored: the policy applies to the holder of the token.
 *
 * @throws {@link PolicyError} if the policy has something this store does not support.
 */
export function parsePolicy(json: string): Policy {
  const { version, statement } = parsePolicyJson(json)
  if (version !== '2.0') throw new PolicyError('the version of the policy is not "2.0"')
  const statements = Array.isArray(statement) ? (statement as readonly unknown[]) : [statement]
  if (statements.length === 0) throw new PolicyError('the policy has no statement')
  return { statements: statements.map(parseStatement) }
}

/** @throws {@link PolicyError} if the text is not a JSON object. */
export function parsePolicyJson(json: string): Readonly<Record<string, unknown>> {
  let document: unknown
  try {
    document = JSON.parse(json)
  } catch {
    throw new PolicyError('the policy is not JSON')
  }
  return asRecord(document, 'the policy')
}

/** @throws {@link PolicyError} */
export function parseStatement(value: unknown): Statement {
  const statement = asRecord(value, 'a statement')
  const effect = typeof statement['effect'] === 'string' ? statement['effect'].toLowerCase() : ''
  if (effect !== 'allow' && effect !== 'deny') throw new PolicyError('an effect is neither allow nor deny')
  return {
    effect,
    actions: asTexts(statement['action'], 'action'),
    resources: asTexts(statement['resource'], 'resource'),
    conditions: statement['condition'] === undefined ? [] : parseConditions(statement['condition']),
  }
}

/** A list, because operators and keys that differ only in case are equal, and both conditions apply. */
function parseConditions(value: unknown): readonly Condition[] {
  return Object.entries(asRecord(value, 'a condition')).flatMap(([operator, wanted]) => {
    const name = operator.toLowerCase()
    if (!isKnownOperator(name)) throw new PolicyError(`the condition ${operator} is not known`)
    return Object.entries(asRecord(wanted, operator)).map(([key, values]) => ({
      operator: name,
      key: key.toLowerCase(),
      values: asTexts(values, key),
    }))
  })
}

export function asRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PolicyError(`${what} is not an object`)
  }
  return { ...value }
}

export function asTexts(value: unknown, what: string): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.map((text) => {
    if (typeof text === 'number' || typeof text === 'boolean') return String(text)
    if (typeof text !== 'string') throw new PolicyError(`${what} is missing or not text`)
    return text
  })
}
