import { resolve } from 'node:path'
import { asHost, type LimitOptions } from '@carryon/server'
import { z } from 'zod'
import { addressProblems, allowedOrigins, withoutSlash } from './address-config.js'
import { type AuthConfig, authConfig, authProblems, authVariables } from './auth-config.js'
import { databaseUrlProblem } from './database-config.js'
import { type HookConfig, hookConfig, hookProblems, hookVariables } from './hook-config.js'
import { listed } from './listed.js'
import { flag, port, storeConfig, storeVariables, url } from './store-config.js'
import type { StoreConfig } from './store-config.js'
import { storeProblems } from './store-problems.js'

/** Configuration of `carryon`, read from the environment. docs/configuration.md lists every variable. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  readonly store: StoreConfig
  readonly stsEndpoint: string | undefined
  /** Largest file, in bytes. */
  readonly uploadMaxBytes: number
  readonly uploadExpireDays: number
  /** Days after which a finished upload is removed; `undefined`: never. */
  readonly retentionDays: number | undefined
  /** Longest lifetime in days of a share link that a user creates; 0: users cannot create share links. */
  readonly shareLinkDays: number
  readonly uploadKeyPrefix: string
  readonly publicUrlBase: string | undefined
  /** Public address of page and API, without a trailing slash. */
  readonly publicBaseUrl: string | undefined
  /** Keys for which `/sts` issues credentials: `off`, `own`, a prefix, or `*`. */
  readonly stsAllowPrefix: string
  readonly allowedOrigins: readonly string[]
  /** Hosts that the server answers for; empty when not configured. */
  readonly allowedHosts: readonly string[]
  readonly limits: Required<LimitOptions>
  readonly auth: AuthConfig
  /** Webhooks of the application; `undefined` when there are none. */
  readonly hooks: HookConfig | undefined
  /** Whether to trust a proxy's headers for the client's address and for the public host and protocol. */
  readonly trustProxy: boolean
  readonly logLevel: (typeof logLevels)[number]
}

/** Lists all problems of the environment at once, one line each. */
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
/** The largest object is 48.82 TB in COS and 5 TiB in S3 (436/14518; S3 user guide, "Multipart upload limits"). */
const defaultMaxBytes = 5 * 1024 ** 4

/** A limit: a number, or 0 or `off` for no limit. */
function limit(standard: number) {
  return z
    .union([z.literal('off').transform(() => 0), z.coerce.number().int().nonnegative()], {
      error: 'must be a whole number, or 0 or off for no limit',
    })
    .default(standard)
}

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port(3000),
  ...storeVariables,
  ...authVariables,
  ...hookVariables,
  TRUST_PROXY: flag,
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z
    .string()
    .superRefine((text, context) => {
      const problem = databaseUrlProblem(text)
      if (problem !== null) context.addIssue({ code: 'custom', message: problem })
    })
    .optional(),
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
  RETENTION_DAYS: z.coerce
    .number({ error: 'must be a number of days' })
    .int('must be a whole number of days')
    .min(1, 'must be at least 1; leave it out to keep files')
    .max(36_500, 'must be at most 36500')
    .optional(),
  SHARE_LINK_DAYS: z.coerce
    .number({ error: 'must be a number of days' })
    .int('must be a whole number of days')
    .min(0, 'must be at least 0')
    .max(7, 'must be at most 7')
    .default(7),
  UPLOAD_KEY_PREFIX: z
    .string()
    .regex(
      /^([\w-][\w.-]*\/)*$/,
      'must be empty or end with /, of letters, digits, dots, hyphens and underscores',
    )
    .default('uploads/'),
  PUBLIC_URL_BASE: url.optional(),
  PUBLIC_BASE_URL: url.optional(),
  STS_ALLOW_PREFIX: z.string().optional(),
  ALLOWED_ORIGINS: z.string().default(''),
  ALLOWED_HOSTS: z.string().default(''),
  LIMIT_OPEN_PER_OWNER: limit(200),
  LIMIT_OPEN_PER_ADDRESS: limit(1_000),
  LIMIT_BYTES_PER_OWNER: limit(5 * 1024 ** 4),
  LIMIT_BYTES_PER_ADDRESS: limit(25 * 1024 ** 4),
  LIMIT_OPENS_PER_MINUTE: limit(600),
  LOG_LEVEL: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('info'),
})

/**
 * Reads the configuration.
 * @throws {ConfigError} naming every variable that is wrong or missing.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    // Empty values count as unset, except for the prefix: an empty prefix is valid.
    Object.entries(env).filter(
      ([name, value]) => value !== undefined && (value !== '' || name === 'UPLOAD_KEY_PREFIX'),
    ),
  )
  const parsed = environment.safeParse(given)
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  problems.push(...storeProblems(given), ...addressProblems(given))
  problems.push(...authProblems(given), ...hookProblems(given))
  const hosts = listed(given['ALLOWED_HOSTS']).flatMap((text) => {
    const host = asHost(text)
    if (host !== null) return host
    problems.push(`ALLOWED_HOSTS has "${text}", which is not a host such as app.example.com`)
    return []
  })
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
    retentionDays: values.RETENTION_DAYS,
    shareLinkDays: values.SHARE_LINK_DAYS,
    uploadKeyPrefix: values.UPLOAD_KEY_PREFIX,
    publicUrlBase: values.PUBLIC_URL_BASE,
    stsAllowPrefix: values.STS_ALLOW_PREFIX ?? (values.STORE === 'local' ? 'own' : 'off'),
    publicBaseUrl: values.PUBLIC_BASE_URL === undefined ? undefined : withoutSlash(values.PUBLIC_BASE_URL),
    allowedOrigins: allowedOrigins(given),
    allowedHosts: hosts,
    limits: {
      openPerOwner: values.LIMIT_OPEN_PER_OWNER,
      openPerAddress: values.LIMIT_OPEN_PER_ADDRESS,
      bytesPerOwner: values.LIMIT_BYTES_PER_OWNER,
      bytesPerAddress: values.LIMIT_BYTES_PER_ADDRESS,
      opensPerMinute: values.LIMIT_OPENS_PER_MINUTE,
    },
    auth: authConfig(given, values),
    hooks: hookConfig(given, values),
    trustProxy: values.TRUST_PROXY === '1',
    logLevel: values.LOG_LEVEL,
  }
}
