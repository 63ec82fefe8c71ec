import { BackendError } from '../core/backend-error.js'
import { describeAnswer } from '../backend/refusal.js'

/**
 * The answer of an application's STS endpoint, in the format of Tencent's samples and `qcloud-cos-sts`. Also
 * accepted: the names of the SDK's callback (`TmpSecretId`, `TmpSecretKey`, `SecurityToken`, `StartTime`,
 * `ExpiredTime`), and the unchanged answer of Tencent's API (`Response`, `Credentials`, `Token`).
 */
export interface StsAnswer {
  /** Temporary credentials: a permanent key must never be in a page. */
  readonly credentials: {
    /** Identifies the temporary key. */
    readonly tmpSecretId: string
    /** Signs requests. */
    readonly tmpSecretKey: string
    /** Sent with each request; the keys are invalid without it. */
    readonly sessionToken: string
  }
  /** Unix seconds; absent: now. */
  readonly startTime?: number
  /** Unix seconds. */
  readonly expiredTime: number
  /** Name with APPID; used if {@link StsBackendOptions.bucket} is not set. */
  readonly bucket?: string
  /** Used if {@link StsBackendOptions.region} is not set. */
  readonly region?: string
  /** Prefix of keys; used if {@link StsBackendOptions.keyPrefix} is not set. */
  readonly prefix?: string
}

/** Temporary credentials from a checked answer. */
export interface Issued {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  /** Unix seconds; `null` if the answer has none. */
  readonly startsAt: number | null
  readonly expiresAt: number
  readonly bucket: string | undefined
  readonly region: string | undefined
  readonly prefix: string | undefined
}

/** Unix seconds of the year 5138: a larger number counts milliseconds. */
const latestSeconds = 1e11

/**
 * Parses the result of `getCredentials`.
 *
 * @throws BackendError that names the mistake: `unexpected-answer` for text, else `page-error`
 */
export function readAnswer(answer: unknown): Issued {
  if (typeof answer === 'string') throw notJson(200, null, answer)
  const outer = membersOf(answer)
  if (outer === null) throw wrong(`answered ${nameOf(answer)}, and no object`)
  const body = membersOf(outer['Response']) ?? membersOf(outer['data']) ?? outer
  const failure = membersOf(body['Error'])
  if (failure !== null)
    throw wrong(`answered an error of STS: ${textOf(failure, 'Code')}, ${textOf(failure, 'Message')}`)
  const keys = membersOf(body['credentials']) ?? membersOf(body['Credentials']) ?? body
  const expiresAt = secondsOf(body, 'expiredTime', 'ExpiredTime')
  const startsAt = secondsOf(body, 'startTime', 'StartTime')
  const [accessKeyId, secretAccessKey, sessionToken] = [
    textOf(keys, 'tmpSecretId', 'TmpSecretId'),
    textOf(keys, 'tmpSecretKey', 'TmpSecretKey'),
    textOf(keys, 'sessionToken', 'SecurityToken', 'XCosSecurityToken', 'Token'),
  ]
  const missing = [
    accessKeyId === '' ? 'credentials.tmpSecretId' : '',
    secretAccessKey === '' ? 'credentials.tmpSecretKey' : '',
    sessionToken === '' ? 'credentials.sessionToken' : '',
    expiresAt === null ? 'expiredTime' : '',
  ].filter((name) => name !== '')
  if (missing.length > 0 || expiresAt === null) {
    const hint =
      sessionToken === '' && accessKeyId !== ''
        ? ' Without a token they are a permanent key, which must never be in a page.'
        : ''
    throw wrong(`answered without ${missing.join(', ')}.${hint}`)
  }
  if (startsAt !== null && expiresAt <= startsAt)
    throw wrong('answered an "expiredTime" that is not after its "startTime"')
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    startsAt,
    expiresAt,
    bucket: textOf(body, 'bucket') || undefined,
    region: textOf(body, 'region') || undefined,
    prefix: typeof body['prefix'] === 'string' ? body['prefix'] : undefined,
  }
}

/** An error for an answer that is a page, such as a sign-in page, instead of JSON. */
export function notJson(status: number, type: string | null, text: string): BackendError {
  const answer = describeAnswer({ status, type, text })
  return new BackendError('unexpected-answer', `getCredentials: the STS endpoint ${answer}, and no JSON.`, {
    status,
  })
}

/** A permanent error for an unusable answer. */
export function wrong(what: string): BackendError {
  return new BackendError(
    'page-error',
    `getCredentials ${what}. Expected: {"credentials": {"tmpSecretId", "tmpSecretKey", "sessionToken"}, "startTime", "expiredTime"}, times in Unix seconds.`,
  )
}

type Members = Readonly<Record<string, unknown>>

function membersOf(value: unknown): Members | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null
}

function nameOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
}

/** The first of these members that is a string; empty if there is none. */
function textOf(members: Members, ...names: readonly string[]): string {
  const found = names.map((name) => members[name]).find((value) => typeof value === 'string')
  return typeof found === 'string' ? found : ''
}

function secondsOf(members: Members, ...names: readonly string[]): number | null {
  const name = names.find((one) => members[one] !== undefined)
  if (name === undefined) return null
  const value = members[name]
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : value
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0)
    throw wrong(`answered a "${name}" that is no time`)
  if (seconds > latestSeconds) throw wrong(`answered a "${name}" that counts milliseconds`)
  return seconds
}
