import { randomBytes } from 'node:crypto'
import { bucketName } from './address.js'
import { StartError } from './errors.js'

/** How the store is started. Everything has a default. */
export interface LocalCosOptions {
  /**
   * Where everything is kept; created when missing. One running store per directory.
   *
   * @default a folder in memory (`/dev/shm`, where there is a gibibyte free) or among the temporary files, which is
   * removed when the store is stopped
   */
  readonly directory?: string
  /**
   * Permanent key of the account, which may do everything: letters, digits, `-` and `_`. Give both or neither.
   *
   * @default random ones, to be read from {@link LocalCos.secretId} and {@link LocalCos.secretKey}
   */
  readonly secretId?: string
  /** Goes with {@link LocalCosOptions.secretId}. @default a random one */
  readonly secretKey?: string
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string
  /** 0 takes a free port. Default 0. */
  readonly port?: number
  /** `<name>-<appid>`; created at start when missing. Default `carryon-1250000000`. */
  readonly bucket?: string
  /** Default `ap-guangzhou`. */
  readonly region?: string
  /**
   * CORS of the bucket when it is created at start: `permissive` lets any page call and read what an uploader needs,
   * `none` leaves the bucket without rules, as a fresh one on the real store. Default `permissive`.
   */
  readonly cors?: 'permissive' | 'none'
  /** Turns on {@link LocalCos.faults} and the admin calls under `/_local/`, which need {@link LocalCos.adminToken}. Default off. */
  readonly faults?: boolean
  /** Shows buckets, objects and the last requests at `/_local`, to clients on this machine. Default off. */
  readonly page?: boolean
  /** Keeps every answered request in {@link LocalCos.journal}. Default off. */
  readonly journal?: boolean
  /** Bytes of objects and parts together; more is refused with 507 `InsufficientStorage`. Default: what the disk holds. */
  readonly maxBytes?: number
  /** Milliseconds between runs of the buckets' lifecycle rules. Default 60 000. */
  readonly lifecycleInterval?: number
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
  /** Called with one structured line per answered request and per failure inside; never holds a secret. */
  readonly log?: (line: object) => void
}

export type ResolvedOptions = Required<Omit<LocalCosOptions, 'directory'>> & {
  /** `null`: nothing is to be kept. */
  readonly directory: string | null
}

/** @throws {@link StartError} `INVALID_OPTIONS`, naming every problem. */
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

/** A key of the account as Tencent's look: 36 and 32 characters. */
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
