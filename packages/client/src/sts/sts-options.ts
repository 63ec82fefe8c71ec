import type { StsRecords } from './sts-records.js'

/** The request that {@link StsBackendOptions.getCredentials} receives. */
export interface CredentialsRequest {
  /**
   * The key to issue credentials for; `null`: for all keys below the prefix. An endpoint that respects it grants a
   * page only what it needs; see {@link StsBackendOptions.scope}.
   */
  readonly key: string | null
  /** Aborted when the answer is no longer needed. */
  readonly signal: AbortSignal
}

/** Options of {@link stsBackend}. */
export interface StsBackendOptions {
  /**
   * The application's STS endpoint: its address, or a function that returns its JSON (see {@link StsAnswer}) or its
   * `Response`. Called for the first upload, when half of the credentials' life has passed, and when the store has
   * refused them.
   */
  readonly getCredentials: string | URL | ((request: CredentialsRequest) => unknown)
  /** Name with APPID: `examplebucket-1250000000`. Default: `bucket` of the endpoint's answer. */
  readonly bucket?: string
  /** Default: `region` of the endpoint's answer. */
  readonly region?: string
  /** Another address of the bucket or store. Default: COS's own for bucket and region. */
  readonly endpoint?: string
  /** Prefix of all keys. Default: `prefix` of the endpoint's answer, else `uploads/`. */
  readonly keyPrefix?: string
  /**
   * `prefix`: the credentials cover every key below the prefix, and one answer serves all uploads. `key`: the
   * endpoint issues them for the requested key, and is called for each upload.
   *
   * @default 'prefix'
   */
  readonly scope?: 'prefix' | 'key'
  /**
   * Id of the signed-in user. Uploads of other owners in this browser are neither shown nor continued.
   *
   * @default ''
   */
  readonly owner?: string
  /**
   * Base address for reading objects, such as a CDN's. Default: the bucket's own address, which refuses reads if the
   * bucket is private.
   */
  readonly publicUrl?: string
  /**
   * Days after which an unfinished upload is cancelled, like the bucket's lifecycle rule does: 1 to 365.
   *
   * @default 7
   */
  readonly expireDays?: number
  /** Where upload records are stored. Default: IndexedDB, or memory where it is not available. */
  readonly records?: StsRecords
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch
}
