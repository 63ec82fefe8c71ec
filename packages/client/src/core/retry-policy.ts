import { StoreError } from '@carryon/object-store'
import type { UploadErrorCode } from '../upload-types.js'
import { backOff, defaultDelays } from './back-off.js'
import { BackendError, isOver } from './backend-error.js'
import type { BackendErrorCode } from './backend-error.js'
import { meaningOf } from './upload-errors.js'

/**
 * How failures that may pass are tried again: a lost network, a store or a server that answers with errors, a part that
 * arrives damaged. While there is no network an upload waits, however long; everything else is bounded here.
 */
export interface RetryOptions {
  /**
   * Milliseconds: the longest wait after a first failure. It doubles with each further failure in a row, and a random part
   * of it is waited. 1 to 60 000.
   *
   * @default 500
   */
  readonly firstDelay?: number
  /**
   * Milliseconds that are waited at most between two attempts, unless the store or the server asks for more.
   * `firstDelay` to 3 600 000.
   *
   * @default 30000
   */
  readonly longestDelay?: number
  /**
   * Milliseconds for which a store or a server that answers only with errors is asked again, before the upload fails;
   * `Infinity`: for ever. With 0 the upload fails at a few errors in a row.
   *
   * @default 3600000
   */
  readonly giveUpAfter?: number
  /**
   * Failures of one part in a row, while other parts arrive, after which the upload fails: something on the way rejects these
   * bytes. 1 to 100.
   *
   * @default 8
   */
  readonly attemptsPerPart?: number
}

/** {@link RetryOptions} with every default in place. */
export type RetryLimits = Required<RetryOptions>

export const defaultRetry: RetryLimits = {
  ...defaultDelays,
  giveUpAfter: 3_600_000,
  attemptsPerPart: 8,
}

/** Milliseconds for which is asked again what seldom passes: a page that a proxy answers with a refusal, headers that cannot be had. */
export const strangerGivenUpAfter = 60_000
/** Times that the store may find that other bytes of a part came than were sent. */
const maxDamaged = 5
/** Times that the store may hold other bytes of a part than were hashed. */
const maxChanged = 4
/**
 * Refusals in a row, each of a new grant, after which it is not the grant. More than one can be bad luck: a
 * clock that was set, then a token that ended on its way, then one that was revoked.
 */
const maxRefusals = 4
/** Openings in a row without an acknowledged part between, after which something is wrong for good. */
const maxOpenings = 3

/** Trouble that every request meets: no answer comes, or one that says that the service has trouble. */
export type Trouble = 'network' | 'service'

/** How long trying again makes sense: until it succeeds, {@link RetryOptions.giveUpAfter}, or a minute. */
type Until = 'success' | 'long' | 'short'

/** Try again after a while; `slower`: with less concurrency. */
export interface Retry<Whose = 'part' | 'changed' | 'rate-limited' | Trouble> {
  readonly do: 'retry'
  readonly trouble: Whose
  readonly slower: boolean
  readonly until: Until
}

type NoRetry =
  /** Send again with a new grant. */
  | { readonly do: 'renew' }
  /** The store, or the server, does not know the upload any more: open it anew. */
  | { readonly do: 'reopen' }
  /** A single PUT found its key taken: an earlier one of ours arrived, its answer did not. */
  | { readonly do: 'adopt' }
  /** Nothing but a change by somebody helps. */
  | { readonly do: 'fail'; readonly code: UploadErrorCode; readonly retryable: boolean }

/** What a failure asks for, by itself. */
export type FailureAction = Retry | NoRetry

/** What failed before. Counts include the failure that is decided about. */
export interface FailureHistory {
  /** In a row; the wait grows with them. */
  readonly failures?: number
  /** Milliseconds for which the store or the server has answered, but only with errors; absent while it is not that. */
  readonly lasting?: number
  /** Of this part in a row, while others arrive. */
  readonly own?: number
  /** Of the only part that is left, in a row, while the server answers. */
  readonly alone?: number
  /** New grants in a row that were refused. */
  readonly refusals?: number
  /** Openings in a row without progress. */
  readonly openings?: number
  /** Milliseconds that the other side asked to wait. */
  readonly asked?: number | undefined
}

/** What to do: a {@link FailureAction}, or give up what was tried too often or too long. */
export type RetryStep =
  | { readonly do: 'retry'; readonly after: number }
  | NoRetry
  | { readonly do: 'give-up'; readonly because: GiveUpReason }

/** Which count or time of {@link FailureHistory} is too high. */
export type GiveUpReason = 'lasting' | 'own' | 'alone' | 'refusals' | 'openings'

const retry = <Whose extends Retry['trouble']>(
  trouble: Whose,
  slower = false,
  until: Until = 'long',
): Retry<Whose> => ({
  do: 'retry',
  trouble,
  slower,
  until,
})
const fail = (code: UploadErrorCode, retryable = false): NoRetry => ({ do: 'fail', code, retryable })
const giveUp = (because: GiveUpReason): RetryStep => ({ do: 'give-up', because })
const renew: NoRetry = { do: 'renew' }
const adopt: NoRetry = { do: 'adopt' }
const reopen: NoRetry = { do: 'reopen' }

/** A code of our own, for what something in the store's place has answered. */
export const unexpectedAnswer = 'UnexpectedAnswer'
/** What a part asks for that was acknowledged, and of which the store holds other bytes than were hashed. */
export const arrivedChanged: Retry = retry('changed')

/** COS 436/7730 and the error responses of Amazon S3; where both have a code they mean the same. */
const ofStoreCode: Readonly<Record<string, FailureAction>> = {
  BadDigest: retry('part'),
  InvalidDigest: retry('part'),
  IncompleteBody: retry('part'),
  EntitySizeNotMatch: retry('part'),

  UserNetworkTooSlow: retry('network', true),
  RequestTimeout: retry('network', true),
  NetworkError: retry('network', true),

  SlowDown: retry('service', true),
  ServiceUnavailable: retry('service', true),
  InternalError: retry('service'),
  UploadConflict: retry('service'),
  PathConflict: retry('service'),
  OperationAborted: retry('service'),

  ExpiredToken: renew,
  InvalidToken: renew,
  AccessDenied: renew,
  SignatureDoesNotMatch: renew,
  InvalidAccessKeyId: renew,
  RequestTimeTooSkewed: renew,
  // A form is signed for one length, as a PUT is; so the file has another one now.
  EntityTooLarge: renew,
  EntityTooSmall: renew,

  NoSuchUpload: reopen,
  FileAlreadyExists: adopt,
  PreconditionFailed: adopt,

  NoSuchBucket: fail('store-misconfigured'),
  PathStyleDomainForbidden: fail('store-misconfigured'),
  BucketAccelerateNotEnabled: fail('store-misconfigured'),
  AccessForbidden: fail('store-misconfigured'),
  PaymentRequired: fail('store-denied'),
  UserDisabled: fail('store-denied'),
  QuotaExceeded: fail('store-full', true),
  InsufficientStorage: fail('store-full', true),

  CryptoUnavailable: fail('unsupported-browser'),
}

/** How long a call of the server is made again, by what it failed with; not where it is absent. */
const ofCallCode: Readonly<Partial<Record<BackendErrorCode, Until>>> = {
  network: 'success',
  'too-many-requests': 'success',
  'store-unavailable': 'long',
  'sts-unavailable': 'long',
  internal: 'long',
  'unexpected-answer': 'long',
  'headers-failed': 'short',
}

/** What `error` asks for, whatever was thrown while a part was signed or sent, or an upload opened. */
export function classifyFailure(error: unknown): FailureAction {
  if (error instanceof StoreError) return classifyRefusal(error)
  if (error instanceof BackendError) return classifyCall(error)
  const { code, retryable } = meaningOf(error)
  return code === 'network' ? retry('network', true) : fail(code, retryable)
}

function classifyRefusal({ code, status, retryable }: StoreError): FailureAction {
  if (code === unexpectedAnswer) return retry('service', false, mayPass(status) ? 'long' : 'short')
  const known = ofStoreCode[code]
  if (known !== undefined) return known
  if (status === 402) return fail('store-denied')
  if (status === 507) return fail('store-full', true)
  if (status === 408 || status === 425) return retry('network', true)
  if (status === 429) return retry('service', true)
  return status >= 500 || retryable ? retry('service') : fail('internal')
}

/** What an error of the server asks for, or the lack of an answer. */
export function classifyCall(error: BackendError): Retry<'rate-limited' | Trouble> | NoRetry {
  const { code, status } = error
  const until = ofCallCode[code]
  if (code === 'parts-mismatch' || isOver(error)) return reopen
  if (until === undefined) {
    const { code: failure, retryable } = meaningOf(error)
    return fail(failure, retryable)
  }
  if (code === 'too-many-requests') return retry('rate-limited', false, until)
  if (code === 'unexpected-answer' && !mayPass(status)) return retry('service', false, 'short')
  if (code !== 'network') return retry('service', false, until)
  return status === 0 ? retry('network', false, until) : retry('service')
}

/**
 * Whether an answer of something else may be over in a while: a proxy whose server is away, or a sign-in page of a network. Of
 * the statuses of refusal 408, 425 and 429 ask to come again (RFC 9110, 8470, 6585), and nginx's 499 says that nobody has
 * refused.
 */
function mayPass(status: number): boolean {
  return status < 400 || status >= 500 || [408, 425, 429, 499].includes(status)
}

/**
 * The one decision about a failure. Pure: who calls it counts, sleeps and tells others.
 *
 * @param random 0 (inclusive) to 1 (exclusive)
 */
export function nextStep(
  action: FailureAction,
  { failures = 1, lasting = -1, own = 0, alone = 0, refusals = 0, openings = 0, asked }: FailureHistory,
  limits: RetryLimits,
  random: number,
): RetryStep {
  if (refusals > maxRefusals) return giveUp('refusals')
  if (openings >= maxOpenings) return giveUp('openings')
  if (action.do !== 'retry') return action
  const { trouble, until } = action
  const longest = Math.min(limits.giveUpAfter, until === 'short' ? strangerGivenUpAfter : Infinity)
  if (until !== 'success' && lasting >= longest) return giveUp('lasting')
  const most = trouble === 'part' ? maxDamaged : trouble === 'changed' ? maxChanged : limits.attemptsPerPart
  if (own >= most) return giveUp('own')
  if (alone >= limits.attemptsPerPart) return giveUp('alone')
  return { do: 'retry', after: backOff(failures, random, asked, limits) }
}
