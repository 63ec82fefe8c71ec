import { resolve } from 'node:path'
import { z } from 'zod'

/** What `carryon` runs with, read from the environment; docs/configuration.md lists every variable. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  readonly store: LocalStoreConfig | CosStoreConfig
  readonly stsEndpoint: string | undefined
  /** Bytes. */
  readonly uploadMaxBytes: number
  readonly uploadExpireDays: number
  readonly uploadKeyPrefix: string
  readonly publicUrlBase: string | undefined
  /** `off`, `own`, a prefix, or `*`. */
  readonly stsAllowPrefix: string
  readonly allowedOrigins: readonly string[]
  readonly logLevel: (typeof logLevels)[number]
}

export interface LocalStoreConfig {
  readonly kind: 'local'
  readonly port: number
  readonly bucket: string
  readonly region: string
  /** Without them a pair is generated once and kept in the data directory. */
  readonly secretId: string | undefined
  readonly secretKey: string | undefined
  /** Lets tests on this machine inject faults through the store's admin calls. */
  readonly faults: boolean
}

export interface CosStoreConfig {
  readonly kind: 'cos'
  readonly bucket: string
  readonly region: string
  readonly secretId: string
  readonly secretKey: string
  readonly endpoint: string | undefined
}

/** Every problem of the environment at once, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n  ${problems.join('\n  ')}`,
    )
    this.problems = problems
  }
}

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
/** 48.82 TB is COS's largest object, 5 TiB S3's (436/14518; S3 user guide, "Multipart upload limits"). */
const defaultMaxBytes = 5 * 1024 ** 4
const bucketPattern = /^[a-z0-9][a-z0-9-]*-\d{5,}$/

const port = (fallback: number) =>
  z.coerce
    .number({ error: 'must be a port number' })
    .int('must be a port number')
    .min(0, 'must be between 0 and 65535')
    .max(65535, 'must be between 0 and 65535')
    .default(fallback)

const url = z.string().refine(isHttpUrl, 'must be an http:// or https:// URL')

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port(3000),
  STORE: z.enum(['local', 'cos'], { error: 'must be local or cos' }).default('local'),
  LOCAL_STORE_PORT: port(3001),
  LOCAL_STORE_FAULTS: z.enum(['0', '1'], { error: 'must be 0 or 1' }).default('0'),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://; leave it out for the embedded SQLite')
    .optional(),
  COS_SECRET_ID: z.string().optional(),
  COS_SECRET_KEY: z.string().optional(),
  COS_BUCKET: z.string().regex(bucketPattern, 'must be <name>-<appid>, such as videos-1250000000').optional(),
  COS_REGION: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'must be a region such as ap-guangzhou')
    .optional(),
  COS_ENDPOINT: url.optional(),
  STS_ENDPOINT: url.optional(),
  UPLOAD_MAX_BYTES: z.coerce
    .number({ error: 'must be a number of bytes' })
    .int('must be a whole number of bytes')
    .min(1, 'must be at least 1')
    .default(defaultMaxBytes),
  UPLOAD_EXPIRE_DAYS: z.coerce
    .number({ error: 'must be a number of days' })
    .int('must be a whole number of days')
    .min(1, 'must be at least 1')
    .max(365, 'must be at most 365')
    .default(7),
  UPLOAD_KEY_PREFIX: z
    .string()
    .regex(
      /^([\w-][\w.-]*\/)*$/,
      'must be empty or end with /, of letters, digits, dots, hyphens and underscores',
    )
    .default('uploads/'),
  PUBLIC_URL_BASE: url.optional(),
  STS_ALLOW_PREFIX: z.string().optional(),
  ALLOWED_ORIGINS: z.string().default(''),
  LOG_LEVEL: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('info'),
})

/**
 * Reads the configuration.
 * @throws {ConfigError} naming every variable that is wrong or missing.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = environment.safeParse(given)
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  const isCos = given['STORE'] === 'cos'
  if (isCos) {
    for (const name of ['COS_SECRET_ID', 'COS_SECRET_KEY', 'COS_BUCKET', 'COS_REGION']) {
      if (given[name] === undefined) problems.push(`${name} is needed with STORE=cos`)
    }
  }
  if ((given['COS_SECRET_ID'] === undefined) !== (given['COS_SECRET_KEY'] === undefined) && !isCos) {
    problems.push('COS_SECRET_ID and COS_SECRET_KEY go together: set both or neither')
  }
  const origins = (given['ALLOWED_ORIGINS'] ?? '').split(',').flatMap((origin) => origin.trim() || [])
  for (const origin of origins) {
    if (!isOrigin(origin))
      problems.push(`ALLOWED_ORIGINS has "${origin}", which is not an origin such as https://app.example.com`)
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)

  const values = parsed.data
  return {
    host: values.HOST,
    port: values.PORT,
    dataDir: resolve(values.DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    store: storeConfig(values),
    stsEndpoint: values.STS_ENDPOINT,
    uploadMaxBytes: values.UPLOAD_MAX_BYTES,
    uploadExpireDays: values.UPLOAD_EXPIRE_DAYS,
    uploadKeyPrefix: values.UPLOAD_KEY_PREFIX,
    publicUrlBase: values.PUBLIC_URL_BASE,
    stsAllowPrefix: values.STS_ALLOW_PREFIX ?? (isCos ? 'off' : 'own'),
    allowedOrigins: origins,
    logLevel: values.LOG_LEVEL,
  }
}

function storeConfig(values: z.infer<typeof environment>): LocalStoreConfig | CosStoreConfig {
  if (values.STORE === 'local') {
    return {
      kind: 'local',
      port: values.LOCAL_STORE_PORT,
      bucket: values.COS_BUCKET ?? 'carryon-1250000000',
      region: values.COS_REGION ?? 'ap-guangzhou',
      secretId: values.COS_SECRET_ID,
      secretKey: values.COS_SECRET_KEY,
      faults: values.LOCAL_STORE_FAULTS === '1',
    }
  }
  return {
    kind: 'cos',
    bucket: values.COS_BUCKET ?? '',
    region: values.COS_REGION ?? '',
    secretId: values.COS_SECRET_ID ?? '',
    secretKey: values.COS_SECRET_KEY ?? '',
    endpoint: values.COS_ENDPOINT,
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function isOrigin(text: string): boolean {
  return isHttpUrl(text) && new URL(text).origin === text
}
