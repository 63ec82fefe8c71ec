import type { StsRecords } from './sts-records.js'

/** What {@link StsBackendOptions.getCredentials} is asked for. */
export interface CredentialsRequest {
  /**
   * The one key that they are for; `null`: for all below the prefix. An endpoint that checks it gives a page no more than it
   * needs; see {@link StsBackendOptions.scope}.
   */
  readonly key: string | null
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** Options of {@link stsBackend}. */
export interface StsBackendOptions {
  /**
   * Asks the application's own STS endpoint: its address, or a function that answers the JSON (see {@link StsAnswer}) or the
   * `Response`. Asked for the first upload, again when half of the credentials' life is over, and when the store has refused
   * them.
   */
  readonly getCredentials: string | URL | ((request: CredentialsRequest) => unknown)
  /** Name with APPID: `examplebucket-1250000000`. Default: what the endpoint answers as `bucket`. */
  readonly bucket?: string
  /** Default: what the endpoint answers as `region`. */
  readonly region?: string
  /** Another address of the bucket or store. Default: COS's own for bucket and region. */
  readonly endpoint?: string
  /** What every key begins with. Default: what the endpoint answers as `prefix`, else `uploads/`. */
  readonly keyPrefix?: string
  /**
   * `prefix`: the credentials are for every key below the prefix, and one answer serves all uploads. `key`: the endpoint makes
   * them for the key that it is told, and is asked for each upload.
   *
   * @default 'prefix'
   */
  readonly scope?: 'prefix' | 'key'
  /**
   * Who is signed in. Uploads of another owner in this browser are neither shown nor continued.
   *
   * @default ''
   */
  readonly owner?: string
  /** Address under which keys can be read, such as a CDN's. Default: the bucket's own, which a private bucket refuses. */
  readonly publicUrl?: string
  /**
   * Days after which an unfinished upload is ended, as the bucket's lifecycle rule does it: 1 to 365.
   *
   * @default 7
   */
  readonly expireDays?: number
  /** Where uploads are kept. Default: IndexedDB; in memory where there is none. */
  readonly records?: StsRecords
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch
}
