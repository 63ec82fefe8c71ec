import { StoreError } from '@carryon/object-store'
import { BackendError } from '../core/backend-error.js'
import { tooOld } from './sts-credentials.js'

/** Refusals that persist until someone changes the policy, bucket or CORS rule. */
const final = new Set([
  'NoSuchBucket',
  'PathStyleDomainForbidden',
  'BucketAccelerateNotEnabled',
  'AccessForbidden',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'UserDisabled',
])

/** The store's own words, such as "Request has expired": what stands before them names the object. */
const expired = / was refused: .*expired/i

/** Describes a refused call of the store. */
export interface AskedStore {
  /** Name in policies: `name/cos:ListParts`. */
  readonly action: string
  readonly key: string
  /** Unix seconds: when the credentials of its signature expire. */
  readonly expiresAt: number
  /** Unix milliseconds, of the store's clock as far as known. */
  readonly now: number
}

/** Converts a store's refusal to a `BackendError`. */
export function backendErrorOf(error: unknown, { action, key, expiresAt, now }: AskedStore): unknown {
  if (!(error instanceof StoreError)) return error
  const { code, status, requestId, retryAfter } = error
  const details = { status, requestId, retryAfter, cause: error }
  if (code === 'CryptoUnavailable') return new BackendError('insecure', error.message, details)
  if (status === 0 && code === 'NetworkError') {
    return new BackendError(
      'network',
      `${error.message} If it never answers, a CORS rule of the bucket may lack this page or the method.`,
      details,
    )
  }
  if (code === 'NoSuchUpload') return new BackendError('upload-gone', error.message, details)
  const isOver = code === 'ExpiredToken' || expired.test(error.message)
  if (isOver || (status === 403 && now / 1000 >= expiresAt))
    return new BackendError('unauthorized', tooOld(expiresAt), details)
  if (final.has(code)) return new BackendError('store-denied', error.message, details)
  if (code === 'AccessDenied' || status === 403) {
    return new BackendError(
      'store-denied',
      `${error.message} Do the credentials' policy and the account that they come from allow ${action} for "${key}"?`,
      details,
    )
  }
  if (status === 507 || code === 'QuotaExceeded')
    return new BackendError('store-full', error.message, details)
  if (status === 402) return new BackendError('store-denied', error.message, details)
  return new BackendError('store-unavailable', error.message, details)
}

/** Whether the credentials do not allow a call; for calls that are optional. */
export function isDenied(error: unknown): boolean {
  return error instanceof BackendError && error.code === 'store-denied'
}
