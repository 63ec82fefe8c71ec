import type { ObjectStore } from '@carryon/object-store'
import { originProblem } from './http/allowed-origin.js'
import { asBasePath, basePathProblem } from './http/base-path.js'
import type { Authorize } from './http/owner.js'
import type { LogEntry } from './log-entry.js'
import type { Database } from './register/database.js'
import type { StsIssuer } from './sts/sts-issuer.js'
import { byteLength } from './uploads/file-name.js'

export interface ServerOptions {
  /** With permanent credentials, which stay here. */
  readonly store: ObjectStore
  /** `null`: the store has no STS, browsers get signed part URLs. */
  readonly sts: StsIssuer | null
  /** From `openDatabase`; `server.close()` closes it. */
  readonly database: Database
  /** Whose request it is. Default: an anonymous owner in a signed cookie. */
  readonly authorize?: Authorize
  /** Where keys live. Default `uploads/`. */
  readonly keyPrefix?: string
  /** Bytes of the largest file taken. Default 5 TiB, as far as the store goes. */
  readonly maxBytes?: number
  /** Days without a sign of life after which an unfinished upload is swept. Default 7. */
  readonly expireDays?: number
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
  /** What `GET /sts` covers: `own`, the caller's own prefix; a prefix; `*`, the whole bucket. Default `off`. */
  readonly stsAllowPrefix?: string
  /** Whether `X-Forwarded-Proto` and `-Host` are set by a proxy of yours. Default false. */
  readonly trustForwarded?: boolean
  /** Milliseconds that a complete call waits for the store before it answers 202. Default 20 000. */
  readonly completeWait?: number
  /** Milliseconds between sweeps; 0 for none but those you ask for. Default one hour. */
  readonly sweepEvery?: number
  /** Milliseconds that `close()` waits for completions under way; the next server takes them up. Default 10 000. */
  readonly closeGrace?: number
  readonly log?: (entry: LogEntry) => void
  readonly now?: () => Date
}

/** Options with their defaults. */
export interface ServerSettings {
  readonly keyPrefix: string
  readonly maxBytes: number
  readonly expireDays: number
  readonly publicUrlBase: string | null
  /** Of `publicBaseUrl`. */
  readonly publicOrigin: string | null
  /** '' or like `/files`: of this server as callers see it, and in the requests that reach it. */
  readonly publicPath: string
  readonly basePath: string
  readonly allowedOrigins: ReadonlySet<string>
  readonly stsAllowPrefix: string
  readonly trustForwarded: boolean
  readonly completeWait: number
  readonly sweepEvery: number
  readonly closeGrace: number
}

/** Bytes of a key that stay for date, random id and file name. */
const longestPrefix = 512

/** @throws TypeError that names every option at fault. */
export function settingsOf(options: ServerOptions, largestFile: number): ServerSettings {
  const settings: ServerSettings = {
    keyPrefix: options.keyPrefix ?? 'uploads/',
    maxBytes: Math.min(options.maxBytes ?? 5 * 2 ** 40, largestFile),
    expireDays: options.expireDays ?? 7,
    publicUrlBase: options.publicUrlBase?.replace(/\/+$/u, '') ?? null,
    ...addressOf(options),
    allowedOrigins: new Set(options.allowedOrigins),
    stsAllowPrefix: options.stsAllowPrefix ?? 'off',
    trustForwarded: options.trustForwarded ?? false,
    completeWait: options.completeWait ?? 20_000,
    sweepEvery: options.sweepEvery ?? 3_600_000,
    closeGrace: options.closeGrace ?? 10_000,
  }
  const problems = problemsOf(settings)
  if (problems.length > 0) throw new TypeError(`createServer: ${problems.join('; ')}`)
  return settings
}

function addressOf({
  publicBaseUrl,
  basePath,
}: ServerOptions): Pick<ServerSettings, 'publicOrigin' | 'publicPath' | 'basePath'> {
  const url = publicBaseUrl !== undefined && URL.canParse(publicBaseUrl) ? new URL(publicBaseUrl) : null
  const publicPath = asBasePath(url?.pathname ?? basePath ?? '')
  return {
    publicOrigin: publicBaseUrl === undefined ? null : (url?.origin ?? publicBaseUrl),
    publicPath,
    basePath: basePath === undefined ? publicPath : asBasePath(basePath),
  }
}

function problemsOf(settings: ServerSettings): string[] {
  const { keyPrefix, publicUrlBase, stsAllowPrefix } = settings
  const problems: string[] = []
  if (/^\/|\/\/|[*?\\]|\p{Cc}/u.test(keyPrefix) || byteLength(keyPrefix) > longestPrefix) {
    problems.push(
      `keyPrefix "${keyPrefix}" must be at most ${longestPrefix} bytes, not begin with "/", and hold no "//", "*", "?" or "\\"`,
    )
  }
  if (!(settings.maxBytes > 0)) problems.push('maxBytes must be greater than 0')
  if (!(settings.expireDays > 0)) problems.push('expireDays must be greater than 0')
  if (publicUrlBase !== null && !/^https?:\/\//u.test(publicUrlBase)) {
    problems.push('publicUrlBase must be an http or https URL')
  }
  if (settings.publicOrigin !== null && !/^https?:\/\//u.test(settings.publicOrigin)) {
    problems.push('publicBaseUrl must be an http or https URL')
  }
  for (const path of new Set([settings.basePath, settings.publicPath])) {
    const problem = basePathProblem(path)
    if (problem !== null) problems.push(`basePath "${path}" ${problem}`)
  }
  for (const origin of settings.allowedOrigins) {
    const problem = originProblem(origin)
    if (problem !== null) problems.push(`allowedOrigins: "${origin}" ${problem}`)
  }
  if (stsAllowPrefix !== '*' && /[*?]/u.test(stsAllowPrefix)) {
    problems.push('stsAllowPrefix must be "off", "own", "*" or a prefix without wildcards')
  }
  return problems
}
