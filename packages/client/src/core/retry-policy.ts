import { StoreError } from '@carryon/object-store'
import type { UploadErrorCode } from '../upload-types.js'
import { backOff, defaultDelays } from './back-off.js'
import { BackendError, isOver } from './backend-error.js'
import type { BackendErrorCode } from './backend-error.js'
import { meaningOf } from './upload-errors.js'

/**
 * How transient failures are retried: a lost network, a store or server that answers with errors, a part that arrives
 * damaged. While there is no network an upload waits without limit; these options bound everything else.
 */
export interface RetryOptions {
  /**
   * Longest wait after a first failure, in milliseconds. It doubles with each further failure in a row, and the actual
   * wait is a random part of it. 1 to 60 000.
   *
   * @default 500
   */
  readonly firstDelay?: number
  /**
   * Longest wait between two attempts in milliseconds, unless the store or the server asks for more.
   * `firstDelay` to 3 600 000.
   *
   * @default 30000
   */
  readonly longestDelay?: number
  /**
   * How long to keep retrying a store or server that answers only with errors before the upload fails, in milliseconds;
   * `Infinity` means for ever. With 0 the upload fails after a few errors in a row.
   *
   * @default 3600000
   */
  readonly giveUpAfter?: number
  /**
   * Number of failures of one part in a row, while other parts arrive, after which the upload fails, because something
   * on the way rejects these bytes. 1 to 100.
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

/**
 * How long to retry what seldom passes: a proxy's page with a refusal, or headers that the application cannot provide.
 * Milliseconds.
 */
export const strangerGivenUpAfter = 60_000
/** How often the store may report that a part arrived damaged. */
const maxDamaged = 5
/** How often the store may hold other bytes of a part than were hashed. */
const maxChanged = 4
/**
 * Refusals of new grants in a row after which the grant is not the cause. More than one can be bad luck: the clock was
 * set, then a token expired on the way, then one was revoked.
 */
const maxRefusals = 4
/** Openings in a row without an acknowledged part in between, after which the upload gives up. */
const maxOpenings = 3

/** Trouble that affects every request: no answer, or one that reports a failing service. */
export type Trouble = 'network' | 'service'

/** How long to retry: until it succeeds, for {@link RetryOptions.giveUpAfter}, or for a minute. */
type Until = 'success' | 'long' | 'short'

/** Retry after a while; with `slower`, at a lower concurrency. */
export interface Retry<Whose = 'part' | 'changed' | 'rate-limited' | Trouble> {
  readonly do: 'retry'
  readonly trouble: Whose
  readonly slower: boolean
  readonly until: Until
}

type NoRetry =
  /** Send again with a new grant. */
  | { readonly do: 'renew' }
  /** The store or the server does not have the upload any more: reopen it. */
  | { readonly do: 'reopen' }
  /** The key of a single PUT exists already: an earlier attempt arrived, but its answer did not. */
  | { readonly do: 'adopt' }
  /** Retrying does not help; somebody has to change something. */
  | { readonly do: 'fail'; readonly code: UploadErrorCode; readonly retryable: boolean }

/** How to handle a failure, regardless of its history. */
export type FailureAction = Retry | NoRetry

/** Earlier failures. Counts include the current failure. */
export interface FailureHistory {
  /** Number in a row; the wait grows with it. */
  readonly failures?: number
  /** For how many milliseconds the store or the server has answered only with errors; absent otherwise. */
  readonly lasting?: number
  /** Failures of this part in a row while others arrive. */
  readonly own?: number
  /** Failures of the only remaining part in a row while the server answers. */
  readonly alone?: number
  /** New grants in a row that were refused. */
  readonly refusals?: number
  /** Openings in a row without progress. */
  readonly openings?: number
  /** Milliseconds that the other side asked to wait. */
  readonly asked?: number | undefined
}

/** What to do next: a {@link FailureAction}, or give up after too many attempts or too long. */
export type RetryStep =
  | { readonly do: 'retry'; readonly after: number }
  | NoRetry
  | { readonly do: 'give-up'; readonly because: GiveUpReason }

/** Which value of {@link FailureHistory} is too high. */
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

/** Our own code for an answer that did not come from the store. */
export const unexpectedAnswer = 'UnexpectedAnswer'
/** The action for an acknowledged part for which the store holds other bytes than were hashed. */
export const arrivedChanged: Retry = retry('changed')

/** Codes from COS 436/7730 and the error responses of Amazon S3; a code that both have means the same. */
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
  // A form is signed for one length, like a PUT, so the file's size has changed.
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

/** How long to retry a server call, by error code; a code that is absent is not retried. */
const ofCallCode: Readonly<Partial<Record<BackendErrorCode, Until>>> = {
  network: 'success',
  'too-many-requests': 'success',
  'store-unavailable': 'long',
  'sts-unavailable': 'long',
  internal: 'long',
  'unexpected-answer': 'long',
  'headers-failed': 'short',
}

/** How to handle `error`, which may be anything thrown while signing or sending a part, or opening an upload. */
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

/** How to handle an error from the server, or the lack of an answer. */
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
 * Whether an unexpected answer may be temporary: from a proxy whose server is down, or from a captive portal. Of the
 * 4xx statuses, 408, 425 and 429 ask the client to retry (RFC 9110, 8470, 6585), and nginx's 499 is not a refusal.
 */
function mayPass(status: number): boolean {
  return status < 400 || status >= 500 || [408, 425, 429, 499].includes(status)
}

/**
 * Decides what to do about a failure. Pure: the caller counts, sleeps and informs others.
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
