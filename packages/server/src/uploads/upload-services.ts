import type { ObjectStore } from '@carryon/object-store'
import type { AccessIssuer } from '../access/access-issuer.js'
import type { Buckets } from '../buckets/buckets.js'
import type { Hooks } from '../hooks/hook-types.js'
import type { EffectiveLimits, OwnerLimits } from '../limits/owner-limits.js'
import type { UploadRepository } from '../repository/upload-repository.js'
import type { UploadFailure, UploadRow } from '../repository/upload-row.js'

/** The dependencies that opening, completing, cancelling and sweeping share. */
export interface UploadServices {
  readonly store: ObjectStore
  readonly buckets: Buckets
  readonly repository: UploadRepository
  readonly access: AccessIssuer
  readonly limits: UploadLimits
  readonly hooks: Hooks
  /** Unix milliseconds. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** The URL that is recorded for a finished upload: absolute, or a path on this server. */
  readonly urlOf: (upload: Pick<UploadRow, 'id' | 'key'>) => string
  readonly count: (event: UploadEvent) => void
  /** Logs an error that no request is answered with. */
  readonly report: (what: string, error: unknown) => void
}

export interface UploadLimits {
  readonly keyPrefix: string
  /** Bytes. */
  readonly maxBytes: number
  readonly expireDays: number
  /** Days after which a finished upload is removed; `null`: never. */
  readonly retentionDays: number | null
  /** Longest validity of a share link in seconds; 0: sharing is off. */
  readonly shareSeconds: number
  /** Limits of owners for whom `authorize` sets none. */
  readonly ownerLimits: EffectiveLimits
  /** Those of `ownerLimits` that the server's options state. */
  readonly statedLimits: OwnerLimits
}

/** Events that the metrics count. */
export type UploadEvent =
  | { readonly kind: 'opened'; readonly mode: 'multipart' | 'single'; readonly found: boolean }
  | { readonly kind: 'done'; readonly mode: 'multipart' | 'single'; readonly size: number }
  | { readonly kind: 'ended'; readonly reason: 'cancelled' | 'removed' | UploadFailure }

/** Milliseconds. */
export const day = 86_400_000

/** When an upload that is updated now expires, in Unix milliseconds. */
export function expiryFrom(now: number, limits: UploadLimits): number {
  return now + limits.expireDays * day
}
