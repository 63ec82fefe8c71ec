import { randomBytes } from 'node:crypto'
import { bucketName } from './address.js'
import { StartError } from './errors.js'

/** Options for starting the store. All are optional. */
export interface LocalCosOptions {
  /**
   * Directory for all data; created if missing. Only one running store may use a directory.
   *
   * @default a directory in memory (`/dev/shm`, if it has a gibibyte free) or among the temporary files; it is
   *   removed when the store stops
   */
  readonly directory?: string
  /**
   * Id of the account's permanent key, which may do everything: letters, digits, `-` and `_`. Give both id and
   * key, or neither.
   *
   * @default random; read it from {@link LocalCos.secretId}
   */
  readonly secretId?: string
  /** Secret that belongs to {@link LocalCosOptions.secretId}. @default random */
  readonly secretKey?: string
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string
  /** Port to listen on; 0 takes a free one. Default 0. */
  readonly port?: number
  /** `<name>-<appid>`; created at start if missing. Default `carryon-1250000000`. */
  readonly bucket?: string
  /** Region the store claims to be in. Default `ap-guangzhou`. */
  readonly region?: string
  /**
   * CORS rules of the bucket when it is created at start. `permissive` lets any page send the requests and read
   * the headers an uploader needs; `none` creates no rules, like a new bucket on COS. Default `permissive`.
   */
  readonly cors?: 'permissive' | 'none'
  /** Turns on {@link LocalCos.faults} and the admin calls under `/_local/`, which need {@link LocalCos.adminToken}. Default off. */
  readonly faults?: boolean
  /** Serves a page at `/_local` with buckets, objects and recent requests, to clients on this machine only. Default off. */
  readonly page?: boolean
  /** Records every answered request in {@link LocalCos.journal}. Default off. */
  readonly journal?: boolean
  /**
   * Maximum total bytes of objects and parts; beyond it, writes are refused with 507 `InsufficientStorage`.
   * Default: limited only by the disk.
   */
  readonly maxBytes?: number
  /** Milliseconds between runs of the buckets' lifecycle rules. Default 60 000. */
  readonly lifecycleInterval?: number
  /** Clock of the store, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
  /** Called with one structured line per answered request and per internal failure; lines never contain a secret. */
  readonly log?: (line: object) => void
}

export type ResolvedOptions = Required<Omit<LocalCosOptions, 'directory'>> & {
  /** `null`: in memory, nothing is kept. */
  readonly directory: string | null
}

/** @throws {@link StartError} `INVALID_OPTIONS`; its message lists every problem. */
export function resolveOptions(options: LocalCosOptions): ResolvedOptions {
  const keys = options.secretId === undefined && options.secretKey === undefined ? randomKeys() : options
  const resolved: ResolvedOptions = {
    directory: options.directory ?? null,
    secretId: keys.secretId ?? '',
    secretKey: keys.secretKey ?? '',
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    bucket: options.bucket ?? 'carryon-1250000000',
    region: options.region ?? 'ap-guangzhou',
    cors: options.cors ?? 'permissive',
    faults: options.faults ?? false,
    page: options.page ?? false,
    journal: options.journal ?? false,
    maxBytes: options.maxBytes ?? Infinity,
    lifecycleInterval: options.lifecycleInterval ?? 60_000,
    now: options.now ?? Date.now,
    log: options.log ?? (() => undefined),
  }
  const problems = problemsOf(resolved)
  if (problems.length > 0) {
    throw new StartError('INVALID_OPTIONS', `The store cannot start: ${problems.join('; ')}.`)
  }
  return resolved
}

/** Random id and key in Tencent's format: 36 and 32 characters. */
export function randomKeys(): { readonly secretId: string; readonly secretKey: string } {
  return { secretId: `AKID${randomBytes(16).toString('hex')}`, secretKey: randomBytes(16).toString('hex') }
}

function problemsOf(options: ResolvedOptions): readonly string[] {
  const checks: readonly (readonly [ok: boolean, problem: string])[] = [
    [options.directory !== '', 'directory is empty'],
    [/^[\w-]+$/.test(options.secretId), 'secretId must be letters, digits, - and _'],
    [options.secretKey !== '', 'secretKey is empty'],
    [
      Number.isInteger(options.port) && options.port >= 0 && options.port <= 65_535,
      'port must be 0 to 65535',
    ],
    [bucketName.test(options.bucket), 'bucket must be <name>-<appid>, in lower case'],
    [/^[a-z0-9-]+$/.test(options.region), 'region must be lower-case letters, digits and -'],
    [options.maxBytes > 0, 'maxBytes must be more than 0'],
    [options.lifecycleInterval > 0, 'lifecycleInterval must be more than 0'],
  ]
  return checks.filter(([ok]) => !ok).map(([, problem]) => problem)
}
