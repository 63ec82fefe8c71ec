import type { ObjectStore } from '@carryon/object-store'
import { longestLink } from '@carryon/protocol'
import { originProblem } from './http/allowed-origin.js'
import { asBasePath, basePathProblem } from './http/base-path.js'
import type { Authorize } from './http/authorize.js'
import { asHost } from './http/host-name.js'
import type { OnDone, OnOpen } from './hooks/hook-types.js'
import {
  type EffectiveLimits,
  limitsWithin,
  type OwnerLimits,
  problemsOfLimits,
} from './limits/owner-limits.js'
import type { LogEntry } from './log-entry.js'
import type { Database } from './repository/database.js'
import type { StsIssuer } from './sts/sts-issuer.js'
import { byteLength } from './object-headers/file-name.js'

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

const anonymousLimits = {
  openPerOwner: 200,
  openPerAddress: 1_000,
  bytesPerOwner: 5 * 2 ** 40,
  bytesPerAddress: 25 * 2 ** 40,
  opensPerMinute: 600,
} as const satisfies Required<LimitOptions>

/** With `Infinity` for no limit. */
function limitsOf({ authorize, limits = {} }: ServerOptions): Required<LimitOptions> {
  const entries = Object.entries(anonymousLimits).map(([name, value]) => {
    const given = limits[name as keyof LimitOptions] ?? (authorize === undefined ? value : 0)
    return [name, given === 0 ? Infinity : given]
  })
  return Object.fromEntries(entries) as Required<LimitOptions>
}

/** The limits that are of owners; a misspelled one is among them, to be named. */
function limitsOfOwners(limits: LimitOptions & OwnerLimits = {}): OwnerLimits {
  return Object.fromEntries(Object.entries(limits).filter(([name]) => !(name in anonymousLimits)))
}

/** What an owner may upload for whom `authorize` says nothing else. */
function ownerLimitsOf(
  limits: OwnerLimits,
  maxBytes: number,
  perOwner: Required<LimitOptions>,
): EffectiveLimits {
  const { openPerOwner, bytesPerOwner } = perOwner
  const defaults = {
    maxFileBytes: maxBytes,
    mediaTypes: null,
    extensions: null,
    openFiles: openPerOwner,
    openBytes: bytesPerOwner,
    totalBytes: Infinity,
  }
  return limitsWithin(defaults, limits)
}

/** Options with their defaults. */
export interface ServerSettings {
  readonly keyPrefix: string
  readonly maxBytes: number
  readonly expireDays: number
  readonly retentionDays: number | null
  /** Seconds. */
  readonly shareSeconds: number
  readonly publicUrlBase: string | null
  /** Of `publicBaseUrl`. */
  readonly publicOrigin: string | null
  /** '' or like `/files`: of this server as callers see it, and in the requests that reach it. */
  readonly publicPath: string
  readonly basePath: string
  readonly allowedOrigins: ReadonlySet<string>
  /** `null`: every host is accepted. */
  readonly allowedHosts: ReadonlySet<string> | null
  readonly stsAllowPrefix: string
  readonly trustForwarded: boolean
  readonly limits: Required<LimitOptions>
  readonly ownerLimits: EffectiveLimits
  /** Of these, what the options state. */
  readonly statedLimits: OwnerLimits
  readonly completeWait: number
  readonly sweepEvery: number
  readonly closeGrace: number
  readonly hookTimeout: number
}

/** Milliseconds: a day. */
const longestTimer = 86_400_000
const secondsOfDay = 86_400
/** Bytes of a key that stay for date, random id and file name. */
const longestPrefix = 512

/** @throws TypeError that names every option at fault. */
export function settingsOf(options: ServerOptions, largestFile: number): ServerSettings {
  const limits = limitsOf(options)
  const maxBytes = Math.min(options.maxBytes ?? 5 * 2 ** 40, largestFile)
  const ofOwners = limitsOfOwners(options.limits)
  const settings: ServerSettings = {
    keyPrefix: options.keyPrefix ?? 'uploads/',
    maxBytes,
    expireDays: options.expireDays ?? 7,
    retentionDays: options.retentionDays ?? null,
    shareSeconds: Math.floor((options.shareDays ?? longestLink / secondsOfDay) * secondsOfDay),
    publicUrlBase: options.publicUrlBase?.replace(/\/+$/u, '') ?? null,
    ...addressOf(options),
    allowedOrigins: new Set(options.allowedOrigins),
    allowedHosts: options.allowedHosts === undefined ? null : new Set(options.allowedHosts.map(asRequested)),
    stsAllowPrefix: options.stsAllowPrefix ?? 'off',
    trustForwarded: options.trustForwarded ?? false,
    limits,
    statedLimits: ofOwners,
    ownerLimits: ownerLimitsOf(ofOwners, maxBytes, limits),
    completeWait: options.completeWait ?? 20_000,
    sweepEvery: options.sweepEvery ?? 3_600_000,
    closeGrace: options.closeGrace ?? 10_000,
    hookTimeout: options.hookTimeout ?? 10_000,
  }
  const problems = [
    ...problemsOf(settings),
    ...problemsOfLimits(ofOwners).map((problem) => `limits: ${problem}`),
  ]
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
  for (const [name, limit] of Object.entries(settings.limits)) {
    if (!(limit > 0)) problems.push(`limits: ${name} must be a number greater than 0, or 0 for none`)
  }
  if (!(settings.hookTimeout > 0 && settings.hookTimeout <= longestTimer)) {
    problems.push('hookTimeout must be greater than 0 and at most a day, in milliseconds')
  }
  if (!(settings.expireDays > 0)) problems.push('expireDays must be greater than 0')
  if (settings.retentionDays !== null && !(settings.retentionDays > 0)) {
    problems.push('retentionDays must be greater than 0')
  }
  if (!(settings.shareSeconds >= 0 && settings.shareSeconds <= longestLink)) {
    problems.push(`shareDays must be from 0 to ${longestLink / secondsOfDay}`)
  }
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
  for (const host of settings.allowedHosts ?? []) {
    if (asHost(host) === null) {
      problems.push(`allowedHosts: "${host}" must be a host, such as app.example.com or app.example.com:8443`)
    }
  }
  if (stsAllowPrefix !== '*' && /[*?]/u.test(stsAllowPrefix)) {
    problems.push('stsAllowPrefix must be "off", "own", "*" or a prefix without wildcards')
  }
  return problems
}

/** What is no host stays as it is, to be named. */
const asRequested = (host: string) => asHost(host) ?? host
