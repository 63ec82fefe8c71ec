import type { ObjectStore } from '@carryon/object-store'
import type { Authorize } from './http/authorize.js'
import type { OnDone, OnOpen } from './hooks/hook-types.js'
import type { OwnerLimits } from './limits/owner-limits.js'
import type { LogEntry } from './log-entry.js'
import type { Database } from './repository/database.js'
import type { StsIssuer } from './sts/sts-issuer.js'

/** Options of {@link createServer}. */
export interface ServerOptions {
  /** With permanent credentials, which stay here. */
  readonly store: ObjectStore
  /**
   * Further buckets by name, from which `onOpen` may choose, of the same kind and of the same account as `store`, such as one for
   * the archive. Keys in the bucket `archive` begin with `<keyPrefix>~archive/`.
   */
  readonly buckets?: Readonly<Record<string, ObjectStore>>
  /** `null`: the store has no STS, browsers get signed part URLs. */
  readonly sts: StsIssuer | null
  /** From `openDatabase`; `server.close()` closes it. */
  readonly database: Database
  /** Whose request it is. Default: an anonymous owner in a signed cookie. */
  readonly authorize?: Authorize | undefined
  /** Decides key and headers of each new upload, or refuses it. @default keys are made from date, chance and name */
  readonly onOpen?: OnOpen | undefined
  /** Hears of each finished upload at least once. @default nobody does */
  readonly onDone?: OnDone | undefined
  /** Milliseconds that a hook may take, and that a caller waits for it. A page waits 30 s for the answer to an open. @default 10_000 */
  readonly hookTimeout?: number
  /** Where keys live. Default `uploads/`. */
  readonly keyPrefix?: string
  /** Bytes of the largest file taken. Default 5 TiB, as far as the store goes. */
  readonly maxBytes?: number
  /** Days without any request after which an unfinished upload is swept. Default 7. */
  readonly expireDays?: number
  /** Days after which a finished upload is removed, its object with it. Default: it stays. */
  readonly retentionDays?: number
  /**
   * Days that a link may work at most that an owner makes for everybody: 0 to 7. With 0 nobody may make one, and those that
   * were made work no more. Default 7.
   */
  readonly shareDays?: number
  /** Where keys are readable by everybody; then that is the URL recorded. Default: the bucket is private. */
  readonly publicUrlBase?: string
  /**
   * Where callers reach this server, with its path: `https://example.com/files`. Links, redirects and cookies follow it.
   * Default: found out from each request, as far as a proxy lets it be seen.
   */
  readonly publicBaseUrl?: string
  /**
   * Path at which requests reach this server: `/files`. A proxy may take it off before. Default: that of
   * `publicBaseUrl`, else none.
   */
  readonly basePath?: string
  /** Origins of pages elsewhere that may call this server, such as `https://app.example.com`, or of apps, `capacitor://localhost`. */
  readonly allowedOrigins?: readonly string[]
  /**
   * Hosts by which this server is reached, such as `app.example.com`, or `app.example.com:8443` for that port alone.
   * Loopback names and the address that a connection came to need no leave. All others are answered 421. Default: every
   * host is believed.
   */
  readonly allowedHosts?: readonly string[]
  /** What `GET /sts` covers: `own`, the caller's own prefix; a prefix; `*`, the whole bucket. Default `off`. */
  readonly stsAllowPrefix?: string
  /** Whether `X-Forwarded-Proto`, `-Host` and `-For` are set by a proxy of yours. Default false. */
  readonly trustForwarded?: boolean
  /**
   * What one visitor may open at once, and what every owner may upload for whom `authorize` says nothing else. Where both
   * say it, `openFiles` and `openBytes` take the place of `openPerOwner` and `bytesPerOwner`.
   */
  readonly limits?: LimitOptions & OwnerLimits
  /** Milliseconds that a complete call waits for the store before it answers 202. Default 20 000. */
  readonly completeWait?: number
  /** Milliseconds between sweeps; 0 for none but those you ask for. Default one hour. */
  readonly sweepEvery?: number
  /** Milliseconds that `close()` waits for completions and hooks under way; the next server resumes them. Default 10 000. */
  readonly closeGrace?: number
  /** Gets what happens, one entry at a time. Default: nothing is logged. */
  readonly log?: (entry: LogEntry) => void
  /** The time. Default: the system's. */
  readonly now?: () => Date
}

/**
 * A safety belt: how much one owner, and one address, may have open at once. 0 is no limit. The defaults are for anonymous
 * owners, whom anybody can be; with an `authorize` there is no limit but those that are given.
 *
 * Addresses are known where `fetch` gets what `@hono/node-server` hands over beside the request. Behind a proxy set
 * `trustForwarded`, or all visitors count as one address.
 */
export interface LimitOptions {
  /** Unfinished uploads of an owner. Default 200. */
  readonly openPerOwner?: number
  /** Unfinished uploads that were begun from an address. Default 1 000. */
  readonly openPerAddress?: number
  /** Bytes for which an owner's unfinished uploads were opened. Default 5 TiB. */
  readonly bytesPerOwner?: number
  /** The same of an address. Default 25 TiB. */
  readonly bytesPerAddress?: number
  /**
   * Calls that open something, of an owner; of an address five times as many. A batch is one call. Four times as many
   * calls are taken that complete an upload, list its parts, renew its access or ask `GET /sts`, and forty times as many
   * opens and completes in batches, and signed part URLs. Default 600.
   */
  readonly opensPerMinute?: number
}
