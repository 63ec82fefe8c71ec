import { randomBytes } from 'node:crypto'
import type { Account } from './account.js'
import { parsePolicy, PolicyError } from '../policy.js'
import { checkTc3, checkV1, StsError, type StsRequest } from './request-signatures.js'

/** Source of the numbers: https://cloud.tencent.com/document/product/1312/48195. Seconds. */
const defaultDuration = 1800
const maxDuration = 129_600
/** "The token has at most 4 096 bytes." Sealed, a policy grows by a third. */
const maxPolicyLength = 2500

/** Answers the STS API: always status 200, the outcome in JSON, as API 3.0 does. */
export function answerSts(request: StsRequest, account: Account, requestId: string): object {
  try {
    return {
      Response: {
        ...getFederationToken(readParameters(request, account), account, request.now),
        RequestId: requestId,
      },
    }
  } catch (error) {
    if (!(error instanceof StsError)) throw error
    return { Response: { Error: { Code: error.code, Message: error.message }, RequestId: requestId } }
  }
}

type Parameters = Readonly<Record<'Action' | 'Name' | 'Policy' | 'DurationSeconds', string | undefined>>

/** Reads and verifies a request of either signature. */
function readParameters(request: StsRequest, account: Account): Parameters {
  const action = request.headers['x-tc-action']
  if (typeof action === 'string') {
    checkTc3(request, account)
    const body = parseJson(request.body)
    const text = (name: string): string | undefined => {
      const value = body[name]
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
    }
    return {
      Action: action,
      Name: text('Name'),
      Policy: text('Policy'),
      DurationSeconds: text('DurationSeconds'),
    }
  }
  const fields = new Map(new URLSearchParams(request.body.toString()))
  checkV1(request, fields, account)
  const text = (name: string): string | undefined => fields.get(name)
  return {
    Action: text('Action'),
    Name: text('Name'),
    Policy: text('Policy'),
    DurationSeconds: text('DurationSeconds'),
  }
}

function getFederationToken(
  { Action, Name, Policy, DurationSeconds }: Parameters,
  account: Account,
  now: number,
): object {
  if (Action !== 'GetFederationToken')
    throw new StsError('InvalidAction', 'Only GetFederationToken is served here.')
  if (Name === undefined || Name === '') throw new StsError('MissingParameter', 'Name is missing.')
  if (Policy === undefined || Policy === '') throw new StsError('MissingParameter', 'Policy is missing.')
  const duration = DurationSeconds === undefined ? defaultDuration : Number(DurationSeconds)
  if (!Number.isInteger(duration) || duration < 1 || duration > maxDuration) {
    throw new StsError(
      'InvalidParameter.OverTimeError',
      `DurationSeconds is a whole number from 1 to ${maxDuration}.`,
    )
  }
  const policy = decodePolicy(Policy)
  const expiresAt = Math.floor(now / 1000) + duration
  const credential = {
    id: `AKID${randomBytes(24).toString('hex')}`,
    secretKey: randomBytes(24).toString('base64url'),
    expiresAt,
    policy,
  }
  return {
    Credentials: {
      Token: account.tokens.seal(credential),
      TmpSecretId: credential.id,
      TmpSecretKey: credential.secretKey,
    },
    ExpiredTime: expiresAt,
    Expiration: new Date(expiresAt * 1000).toISOString().replace('.000Z', 'Z'),
  }
}

/** "The policy must be URL-encoded" (1312/48195); it comes plain from some callers. Resolves to its JSON, checked. */
function decodePolicy(text: string): string {
  try {
    const json = text.trimStart().startsWith('{') ? text : decodeURIComponent(text)
    parsePolicy(json)
    const compact = JSON.stringify(JSON.parse(json))
    if (compact.length > maxPolicyLength) {
      throw new StsError(
        'InvalidParameter.PolicyTooLong',
        `The policy is longer than ${maxPolicyLength} characters.`,
      )
    }
    return compact
  } catch (error) {
    if (error instanceof PolicyError || error instanceof URIError) {
      throw new StsError(
        'InvalidParameter.StrategyFormatError',
        `The policy cannot be used: ${error.message}.`,
      )
    }
    throw error
  }
}

function parseJson(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString())
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Told below.
  }
  throw new StsError('InvalidParameter', 'The body is not a JSON object.')
}
