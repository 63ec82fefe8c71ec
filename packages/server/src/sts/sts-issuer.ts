import type { StoreCredentials, StoreLocation } from '@carryon/object-store'

/** Makes short-lived credentials out of permanent ones, narrowed to a scope. */
export interface StsIssuer {
  /** Rejects with an {@link StsError}. */
  issue(request: StsRequest): Promise<IssuedCredentials>
  /** Loads what it needs, where that is done when it is used: `server.ready()` waits for it, so that what is missing is said at start. */
  ready?(): Promise<unknown>
}

/** What temporary credentials are to allow, where and for how long. */
export interface StsRequest {
  /** The bucket. */
  readonly location: StoreLocation
  /** What they may do there. */
  readonly scope: StsScope
  /** Seconds. */
  readonly lifetime: number
}

/**
 * What the credentials may do: `parts`, upload parts of exactly one key, of at most `largestPart` bytes each where the store
 * can be told, and nothing else; `prefix`, what an
 * application on the store's own SDK needs to upload and read keys that begin with `prefix` ('' for the bucket).
 */
export type StsScope =
  | { readonly kind: 'parts'; readonly key: string; readonly largestPart: number }
  | { readonly kind: 'prefix'; readonly prefix: string }

/** Temporary credentials, with the time for which they are good. */
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
  /** The service's id of the request, for its operator. */
  readonly requestId: string | undefined
  /** Whether the same request may succeed later, without anything being changed. */
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
