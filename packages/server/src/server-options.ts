import type { ObjectStore } from '@carryon/object-store'
import type { Authorize } from './http/authorize.js'
import type { OnDone, OnOpen } from './hooks/hook-types.js'
import type { OwnerLimits } from './limits/owner-limits.js'
import type { LogEntry } from './log-entry.js'
import type { Database } from './repository/database.js'
import type { StsIssuer } from './sts/sts-issuer.js'

/** Options of {@link createServer}. */
export interface ServerOptions {
  /** The object store, with permanent credentials; these never leave the server. */
  readonly store: ObjectStore
  /**
   * Further buckets by name, for `onOpen` to choose from, such as one for an archive. They must be of the same kind and
   * account as `store`. Keys in the bucket `archive` begin with `<keyPrefix>~archive/`.
   */
  readonly buckets?: Readonly<Record<string, ObjectStore>>
  /** Issues temporary credentials. `null`: the store has no STS, and browsers get signed part URLs. */
  readonly sts: StsIssuer | null
  /** From `openDatabase`; `server.close()` closes it. */
  readonly database: Database
  /** Determines the owner of each request. Default: an anonymous owner in a signed cookie. */
  readonly authorize?: Authorize | undefined
  /**
   * Decides key and headers of each new upload, or refuses it.
   * @default keys are made from the date, a random id and the file name
   */
  readonly onOpen?: OnOpen | undefined
  /** Is called for each finished upload at least once. @default nothing is called */
  readonly onDone?: OnDone | undefined
  /**
   * Milliseconds that a hook may take; the caller waits that long. A page waits 30 s for the answer to an open.
   * @default 10_000
   */
  readonly hookTimeout?: number
  /** Prefix of all object keys. Default `uploads/`. */
  readonly keyPrefix?: string
  /** Largest file accepted, in bytes. Default 5 TiB, or less where the store's limit is lower. */
  readonly maxBytes?: number
  /** Days without any request after which an unfinished upload is swept. Default 7. */
  readonly expireDays?: number
  /** Days after which a finished upload and its object are removed. Default: they are kept. */
  readonly retentionDays?: number
  /**
   * Longest validity, in days, of a link that an owner shares: 0 to 7. With 0 nobody can share, and existing links stop
   * working. Default 7.
   */
  readonly shareDays?: number
  /**
   * Base URL under which objects are publicly readable; it is then recorded as the URL of each upload. Default: the
   * bucket is private.
   */
  readonly publicUrlBase?: string
  /**
   * Where callers reach this server, with its path: `https://example.com/files`. Used for links, redirects and cookies.
   * Default: derived from each request, as far as a proxy passes it on.
   */
  readonly publicBaseUrl?: string
  /**
   * Path at which requests reach this server: `/files`. A proxy may strip it beforehand. Default: the path of
   * `publicBaseUrl`, else none.
   */
  readonly basePath?: string
  /** Origins of other pages that may call this server, such as `https://app.example.com`, or of apps, `capacitor://localhost`. */
  readonly allowedOrigins?: readonly string[]
  /**
   * Hosts by which this server is reached, such as `app.example.com`, or `app.example.com:8443` for that port only.
   * Loopback names and the address that a connection came to are always allowed. Requests for other hosts are answered
   * 421. Default: every host is accepted.
   */
  readonly allowedHosts?: readonly string[]
  /** What `GET /sts` covers: `own` (the caller's own prefix), a prefix, or `*` (the whole bucket). Default `off`. */
  readonly stsAllowPrefix?: string
  /** Whether `X-Forwarded-Proto`, `-Host` and `-For` are set by your own proxy. Default false. */
  readonly trustForwarded?: boolean
  /**
   * What one visitor may have open at once, and the limits of every owner for whom `authorize` sets none. `openFiles` and
   * `openBytes` take precedence over `openPerOwner` and `bytesPerOwner`.
   */
  readonly limits?: LimitOptions & OwnerLimits
  /** Milliseconds that a complete call waits for the store before it answers 202. Default 20 000. */
  readonly completeWait?: number
  /** Milliseconds between sweeps; 0: only when you call `sweep()`. Default one hour. */
  readonly sweepEvery?: number
  /** Milliseconds that `close()` waits for running completions and hooks; the next server resumes them. Default 10 000. */
  readonly closeGrace?: number
  /** Receives log entries, one at a time. Default: nothing is logged. */
  readonly log?: (entry: LogEntry) => void
  /** Returns the current time. Default: the system clock. */
  readonly now?: () => Date
}

/**
 * Safety limits on what one owner, and one address, may have open at once. 0 means no limit. The defaults apply to
 * anonymous owners, because anybody can become one; with `authorize`, only limits that are set apply.
 *
 * Addresses are known only where `fetch` receives the connection that `@hono/node-server` passes beside the request.
 * Behind a proxy set `trustForwarded`, or all visitors count as one address.
 */
export interface LimitOptions {
  /** Unfinished uploads of an owner. Default 200. */
  readonly openPerOwner?: number
  /** Unfinished uploads that were opened from one address. Default 1 000. */
  readonly openPerAddress?: number
  /** Total bytes of an owner's unfinished uploads. Default 5 TiB. */
  readonly bytesPerOwner?: number
  /** Total bytes of the unfinished uploads of one address. Default 25 TiB. */
  readonly bytesPerAddress?: number
  /**
   * Opens per minute and owner; a batch counts as one. An address may make five times as many. The limit is four times as
   * high for calls that complete an upload, list its parts, renew its access grant or ask `GET /sts`, and forty times as
   * high for opens and completes within batches and for signed part URLs. Default 600.
   */
  readonly opensPerMinute?: number
}
