import { StoreError } from '@carryon/object-store'
import { TransportError } from '../ports.js'
import { unexpectedAnswer } from './store-failure.js'
import { ofReason } from '../upload/upload-errors.js'
import type { UploadErrorCode } from '../upload-types.js'

/** What an attempt to send a part that did not end in an uploaded part asks for. */
export type FailureAction =
  /**
   * Send again after a while. `trouble` says with whom: `part` with this part alone, else every request will meet
   * it. `slower`: with less concurrency.
   */
  | { readonly do: 'again'; readonly trouble: 'part' | 'network' | 'service'; readonly slower: boolean }
  /** Send again with a new grant. */
  | { readonly do: 'renew' }
  /** The store does not know the multipart upload: ask the server. */
  | { readonly do: 'reopen' }
  /** A single PUT found its key taken: an earlier one of ours arrived, its answer did not. */
  | { readonly do: 'taken' }
  /** Nothing but a change by somebody helps. */
  | { readonly do: 'stop'; readonly code: UploadErrorCode; readonly retryable: boolean }

const again = (trouble: 'part' | 'network' | 'service', slower = false): FailureAction => ({
  do: 'again',
  trouble,
  slower,
})
const stop = (code: UploadErrorCode, retryable = false): FailureAction => ({ do: 'stop', code, retryable })

/** COS 436/7730 and the error responses of Amazon S3; where both have a code they mean the same. */
const ofStoreCode: Readonly<Record<string, FailureAction>> = {
  BadDigest: again('part'),
  InvalidDigest: again('part'),
  IncompleteBody: again('part'),
  EntitySizeNotMatch: again('part'),

  UserNetworkTooSlow: again('network', true),
  RequestTimeout: again('network', true),
  NetworkError: again('network', true),

  SlowDown: again('service', true),
  ServiceUnavailable: again('service', true),
  InternalError: again('service'),
  [unexpectedAnswer]: again('service'),
  UploadConflict: again('service'),
  PathConflict: again('service'),
  OperationAborted: again('service'),

  ExpiredToken: { do: 'renew' },
  InvalidToken: { do: 'renew' },
  AccessDenied: { do: 'renew' },
  SignatureDoesNotMatch: { do: 'renew' },
  InvalidAccessKeyId: { do: 'renew' },
  RequestTimeTooSkewed: { do: 'renew' },
  // A form is signed for one length, as a PUT is; so the file has another one now.
  EntityTooLarge: { do: 'renew' },
  EntityTooSmall: { do: 'renew' },

  NoSuchUpload: { do: 'reopen' },
  FileAlreadyExists: { do: 'taken' },
  PreconditionFailed: { do: 'taken' },

  NoSuchBucket: stop('store-misconfigured'),
  PathStyleDomainForbidden: stop('store-misconfigured'),
  BucketAccelerateNotEnabled: stop('store-misconfigured'),
  AccessForbidden: stop('store-misconfigured'),
  PaymentRequired: stop('store-denied'),
  UserDisabled: stop('store-denied'),
  QuotaExceeded: stop('store-full', true),
  InsufficientStorage: stop('store-full', true),

  CryptoUnavailable: stop('unsupported-browser'),
}

/** What to do after `error`, whatever was thrown while a part was signed or sent, or made from a refusal. */
export function classifyFailure(error: unknown): FailureAction {
  if (error instanceof TransportError) return classifyTransport(error)
  if (!(error instanceof StoreError)) return stop('internal')
  const known = ofStoreCode[error.code]
  if (known !== undefined) return known
  if (error.status === 402) return stop('store-denied')
  if (error.status === 507) return stop('store-full', true)
  if (error.status === 408 || error.status === 425) return again('network', true)
  if (error.status === 429) return again('service', true)
  if (error.status >= 500) return again('service')
  return error.retryable ? again('service') : stop('internal')
}

function classifyTransport({ reason }: TransportError): FailureAction {
  const { code, retryable } = ofReason[reason]
  return code === 'network' ? again('network', true) : stop(code, retryable)
}
