import { signCosRequest } from './dialects/cos/cos-request-signing.js'
import type { PartAddress, SignedRequest } from './store-calls.js'
import type { StoreCredentials, StoreLocation } from './store-description.js'
import { signS3Request } from './dialects/s3/s3-request-signing.js'
import type { StoreClock } from './store-clock.js'
import type { StoreDialect } from './store-dialect.js'
import { StoreError } from './store-error.js'

/** For whom, where and how long parts are signed. */
export interface PartSignerOptions {
  /** The bucket. */
  readonly location: StoreLocation
  /** Temporary ones, as a page has them. */
  readonly credentials: StoreCredentials
  /** Unix seconds of the store's clock, as the credentials were issued. */
  readonly startsAt: number
  /** Unix seconds of the store's clock. */
  readonly expiresAt: number
  /**
   * If it has learned the store's time, expired credentials are refused before a whole part is sent. COS signatures
   * contain the credentials' validity, independent of the local clock; S3 signatures contain the present time of this
   * clock. Default: the local clock.
   */
  readonly clock?: StoreClock
  /** The dialect's `sign`. Default: that of COS or S3, by the location. */
  readonly sign?: StoreDialect['sign']
}

const signers: Readonly<Record<string, StoreDialect['sign']>> = { cos: signCosRequest, s3: signS3Request }

/** Signs the PUT of one part. `size` is the size of the part in bytes. */
export type PartSigner = (part: PartAddress, size: number) => Promise<SignedRequest>

/**
 * Signs PUT requests of parts in the browser with short-lived credentials, without calling a server. The size is
 * signed too, so a truncated body is refused.
 *
 * The signing key is derived once for all parts: a signature costs one HMAC.
 *
 * @throws StoreError `InvalidRequest` for a dialect that it cannot sign for
 * @returns a function of a part's address and size in bytes; it rejects with a {@link StoreError} with code
 * `ExpiredToken` when the credentials have expired by the store's clock, `CryptoUnavailable` without WebCrypto
 * @example
 * const signPart = createPartSigner({ location, credentials, startsAt, expiresAt, clock })
 * const { url, headers } = await signPart({ key, uploadId, partNumber: 3 }, slice.size)
 * await fetch(url, { method: 'PUT', headers, body: slice })
 */
export function createPartSigner(options: PartSignerOptions): PartSigner {
  const { location, credentials, clock } = options
  const window = { start: Math.floor(options.startsAt), end: Math.floor(options.expiresAt) }
  const sign = options.sign ?? signers[location.dialect]
  if (sign === undefined) {
    throw new StoreError(`No signature of ${location.dialect} here.`, { code: 'InvalidRequest', status: 0 })
  }
  return async ({ key, uploadId, partNumber }, size) => {
    if (clock?.hasLearned === true && clock.now() >= options.expiresAt * 1000) {
      throw new StoreError('The credentials have expired.', {
        code: 'ExpiredToken',
        status: 400,
      })
    }
    return sign(
      {
        method: 'PUT',
        key,
        query: { partNumber: String(partNumber), uploadId },
        headers: { 'content-length': String(size) },
      },
      { location, credentials, now: (clock?.now() ?? Date.now()) / 1000, window },
    )
  }
}
