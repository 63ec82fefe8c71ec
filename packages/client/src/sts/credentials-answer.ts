import { BackendError } from '../core/backend-error.js'
import { describeAnswer } from '../backend/refusal.js'

/**
 * What an application's own server answers to a page on Tencent's SDK, as Tencent's samples and `qcloud-cos-sts` write it. Also
 * taken: the names that the SDK's callback has (`TmpSecretId`, `TmpSecretKey`, `SecurityToken`, `StartTime`, `ExpiredTime`), and
 * the answer of Tencent's API as it is (`Response`, `Credentials`, `Token`).
 */
export interface StsAnswer {
  /** Temporary ones: a permanent key must never be in a page. */
  readonly credentials: {
    /** Names the temporary key. */
    readonly tmpSecretId: string
    /** Signs requests. */
    readonly tmpSecretKey: string
    /** Sent with each request; without it the keys mean nothing. */
    readonly sessionToken: string
  }
  /** Unix seconds; absent: now. */
  readonly startTime?: number
  /** Unix seconds. */
  readonly expiredTime: number
  /** Name with APPID; for who does not give {@link StsBackendOptions.bucket}. */
  readonly bucket?: string
  /** For who does not give {@link StsBackendOptions.region}. */
  readonly region?: string
  /** Where keys begin, for who does not give {@link StsBackendOptions.keyPrefix}. */
  readonly prefix?: string
}

/** Temporary credentials as they were answered, checked. */
export interface Issued {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  /** Unix seconds; `null` where the answer does not say. */
  readonly startsAt: number | null
  readonly expiresAt: number
  readonly bucket: string | undefined
  readonly region: string | undefined
  readonly prefix: string | undefined
}

/** Unix seconds of the year 5138: a larger number counts milliseconds. */
const latestSeconds = 1e11

/**
 * What `getCredentials` answered.
 *
 * @throws BackendError that names what is wrong with it: `unexpected-answer` for text, else `page-error`
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

/** A page, such as that of a sign-in, came instead of JSON. */
export function notJson(status: number, type: string | null, text: string): BackendError {
  const answer = describeAnswer({ status, type, text })
  return new BackendError('unexpected-answer', `getCredentials: the STS endpoint ${answer}, and no JSON.`, {
    status,
  })
}

/** The application's answer cannot be used, however often it is asked. */
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

/** The first of these members that is text; empty: none. */
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
