import { longestLink } from '@carryon/protocol'
import { originProblem } from './http/allowed-origin.js'
import { asBasePath, basePathProblem } from './http/base-path.js'
import { asHost } from './http/host-name.js'
import {
  type EffectiveLimits,
  limitsWithin,
  type OwnerLimits,
  problemsOfLimits,
} from './limits/owner-limits.js'
import { byteLength } from './object-headers/file-name.js'
import type { LimitOptions, ServerOptions } from './server-options.js'

const anonymousLimits = {
  openPerOwner: 200,
  openPerAddress: 1_000,
  bytesPerOwner: 5 * 2 ** 40,
  bytesPerAddress: 25 * 2 ** 40,
  opensPerMinute: 600,
} as const satisfies Required<LimitOptions>

/** Limits of anonymous owners and addresses; `Infinity` means no limit. */
function limitsOf({ authorize, limits = {} }: ServerOptions): Required<LimitOptions> {
  const entries = Object.entries(anonymousLimits).map(([name, value]) => {
    const given = limits[name as keyof LimitOptions] ?? (authorize === undefined ? value : 0)
    return [name, given === 0 ? Infinity : given]
  })
  return Object.fromEntries(entries) as Required<LimitOptions>
}

/** The owner limits. Unknown names stay among them so that validation reports them. */
function limitsOfOwners(limits: LimitOptions & OwnerLimits = {}): OwnerLimits {
  return Object.fromEntries(Object.entries(limits).filter(([name]) => !(name in anonymousLimits)))
}

/** Limits of owners for whom `authorize` sets none. */
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
  /** Origin of `publicBaseUrl`. */
  readonly publicOrigin: string | null
  /** '' or like `/files`: the server's path as callers see it, and in the requests that reach it. */
  readonly publicPath: string
  readonly basePath: string
  readonly allowedOrigins: ReadonlySet<string>
  /** `null`: every host is accepted. */
  readonly allowedHosts: ReadonlySet<string> | null
  readonly stsAllowPrefix: string
  readonly trustForwarded: boolean
  readonly limits: Required<LimitOptions>
  readonly ownerLimits: EffectiveLimits
  /** Those of `ownerLimits` that the options state. */
  readonly statedLimits: OwnerLimits
  readonly completeWait: number
  readonly sweepEvery: number
  readonly closeGrace: number
  readonly hookTimeout: number
}

/** Milliseconds: a day. */
const longestTimer = 86_400_000
const secondsOfDay = 86_400
/** Bytes; the rest of the longest key is left for date, random id and file name. */
const longestPrefix = 512

/** @throws TypeError that names every invalid option. */
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
      `keyPrefix "${keyPrefix}" must be at most ${longestPrefix} bytes, not begin with "/", and not contain "//", "*", "?" or "\\"`,
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

/** An invalid host stays unchanged, so that validation can name it. */
const asRequested = (host: string) => asHost(host) ?? host
