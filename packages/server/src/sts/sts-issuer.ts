import type { StoreCredentials, StoreLocation } from '@carryon/object-store'

/** Derives short-lived credentials, narrowed to a scope, from permanent ones. */
export interface StsIssuer {
  /** Issues credentials; rejects with an {@link StsError}. */
  issue(request: StsRequest): Promise<IssuedCredentials>
  /**
   * Loads optional dependencies that `issue` needs. `server.ready()` calls it, so that a missing package is reported at
   * startup.
   */
  ready?(): Promise<unknown>
}

/** Scope, place and lifetime of temporary credentials. */
export interface StsRequest {
  /** The bucket. */
  readonly location: StoreLocation
  /** What the credentials allow there. */
  readonly scope: StsScope
  /** Seconds. */
  readonly lifetime: number
}

/**
 * What the credentials allow. `parts`: to upload parts of exactly one key, and nothing else, with at most `largestPart`
 * bytes each if the store can enforce that. `prefix`: what an application with the store's own SDK needs to upload and
 * read keys that begin with `prefix` ('' for the whole bucket).
 */
export type StsScope =
  | { readonly kind: 'parts'; readonly key: string; readonly largestPart: number }
  | { readonly kind: 'prefix'; readonly prefix: string }

/** Temporary credentials with their validity period. */
export interface IssuedCredentials {
  /** Temporary keys. */
  readonly credentials: StoreCredentials & { readonly sessionToken: string }
  /** Unix seconds of the store's clock. */
  readonly startsAt: number
  /** Unix seconds of the store's clock. */
  readonly expiresAt: number
}

/** No credentials were issued. */
export class StsError extends Error {
  /** Always `StsError`. */
  override readonly name = 'StsError'
  /** The service's own code, such as `AuthFailure.SecretIdNotFound`; `NetworkError` when no answer came. */
  readonly code: string
  /** The service's request id, for support. */
  readonly requestId: string | undefined
  /** Whether the same request may succeed later. */
  readonly retryable: boolean

  constructor(
    message: string,
    details: {
      readonly code: string
      readonly retryable: boolean
      readonly requestId?: string | undefined
      readonly cause?: unknown
    },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.requestId = details.requestId
    this.retryable = details.retryable
  }
}
