import { CosError } from './errors.js'
import { fits, parseStatement, statementsOf, type AccessRequest, type Statement } from './policy.js'
import { PolicyError } from './policy-error.js'
import { asRecord, asTexts } from './policy-json.js'

/** A bucket policy. Unlike a policy of the account or a token, it names the principals it applies to. */
export interface BucketPolicy {
  readonly statements: readonly BucketStatement[]
}

interface BucketStatement extends Statement {
  readonly principals: readonly string[]
}

const anyone = 'qcs::cam::anyone:anyone'
/** An account, one or all of its users, or a role. */
const principalForm =
  /^qcs::cam::(?:anyone:anyone|uin\/\d{1,20}:(?:uin\/(?:\d{1,20}|\*)|roleName\/[\w+=,.@-]+))$/
const resourceForm = /^(?:\*|qcs::cos:[^:]*:[^:]*:[^]+)$/
const actionForm = /^(?:\*|(?:name\/)?cos:[\w*]+)$/i

/**
 * Source: https://cloud.tencent.com/document/product/436/8282 and 436/12469
 *
 * @throws {@link CosError} `MalformedPolicy`
 */
export function parseBucketPolicy(json: string): BucketPolicy {
  try {
    return { statements: statementsOf(json).map(parseBucketStatement) }
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw new CosError(
      'MalformedPolicy',
      `The policy cannot be used: ${error.message}. Nothing was changed.`,
      { cause: error },
    )
  }
}

function parseBucketStatement(given: Readonly<Record<string, unknown>>): BucketStatement {
  const principals = parsePrincipals(given['principal'])
  const statement = parseStatement(given)
  const action = statement.actions.find((text) => !actionForm.test(text))
  if (action !== undefined) throw new PolicyError(`the action ${JSON.stringify(action)} is none of COS`)
  const resource = statement.resources.find((text) => !resourceForm.test(text))
  if (resource !== undefined) {
    throw new PolicyError(`the resource ${JSON.stringify(resource)} must begin with qcs::cos:<region>:uid/`)
  }
  return { ...statement, principals }
}

function parsePrincipals(value: unknown): readonly string[] {
  if (value === '*') return [anyone]
  if (value === undefined) throw new PolicyError('a statement has no principal')
  const { qcs, ...more } = asRecord(value, 'a principal')
  if (Object.keys(more).length > 0) throw new PolicyError('a principal may only have qcs')
  const principals = asTexts(qcs, 'qcs of a principal').map((text) => (text === '*' ? anyone : text))
  const unknown = principals.find((text) => !principalForm.test(text))
  if (unknown !== undefined || principals.length === 0) {
    throw new PolicyError(
      `the principal ${JSON.stringify(unknown)} must be ${anyone} or qcs::cam::uin/…:uin/…`,
    )
  }
  return principals
}

/** Whose request to check against a policy: an anonymous one, or that of the account that owns the bucket. */
export type Requester = 'anyone' | 'account'

/** "Deny over allow"; `none` if no statement applies. */
export function verdictOf(
  policy: BucketPolicy,
  requester: Requester,
  request: AccessRequest,
): 'allow' | 'deny' | 'none' {
  const uin = /\d+$/.exec(request.bucket)?.[0] ?? ''
  const isMeant = (principal: string): boolean =>
    principal === anyone ||
    (requester === 'account' &&
      [`uin/${uin}`, 'uin/*'].some((of) => principal === `qcs::cam::uin/${uin}:${of}`))
  const effects = policy.statements
    .filter((statement) => statement.principals.some(isMeant) && fits(statement, request))
    .map(({ effect }) => effect)
  return effects.includes('deny') ? 'deny' : effects.length > 0 ? 'allow' : 'none'
}
