import { refusalOf } from '@carryon/protocol'
import { Problem } from '../problem.js'

/** What one owner may upload. A member that is left out sets no limit; with 0 nothing is allowed. */
export interface OwnerLimits {
  /** Largest file in bytes. The server's `maxBytes` applies as well. */
  readonly maxFileBytes?: number
  /**
   * Accepted media types, such as `video/mp4`, or `image/*` for a whole kind. Compared with the type that the client
   * declares; the content is not inspected.
   */
  readonly mediaTypes?: readonly string[]
  /** Accepted file name extensions, such as `jpg`, compared without regard to case. */
  readonly extensions?: readonly string[]
  /** Number of unfinished uploads at once. */
  readonly openFiles?: number
  /** Total bytes of unfinished uploads. */
  readonly openBytes?: number
  /** Total bytes of all uploads on record, finished and unfinished. */
  readonly totalBytes?: number
}

/** The limits with a value for each: `Infinity` and `null` mean no limit. */
export interface EffectiveLimits {
  readonly maxFileBytes: number
  readonly mediaTypes: readonly string[] | null
  readonly extensions: readonly string[] | null
  readonly openFiles: number
  readonly openBytes: number
  readonly totalBytes: number
}

const amounts = ['maxFileBytes', 'openFiles', 'openBytes', 'totalBytes'] as const
const mediaRange = /^(?:\*\/\*|[\w!#$&^.+-]+\/(?:\*|[\w!#$&^.+-]+))$/u
const extension = /^\.?[^./\\\s]{1,32}$/u

/** Problems of the limits. An unknown name is one too: a misspelled limit would otherwise not apply. */
export function problemsOfLimits(limits: unknown): string[] {
  if (typeof limits !== 'object' || limits === null) return ['must be an object']
  return Object.entries(limits).flatMap(([name, value]: [string, unknown]) => {
    if (value === undefined) return []
    if (amounts.some((amount) => amount === name)) {
      return isAmount(value) ? [] : [`${name} must be a whole number of at least 0`]
    }
    if (name === 'mediaTypes') {
      return isListOf(value, mediaRange) ? [] : [`${name} must be a list such as ["video/mp4", "image/*"]`]
    }
    if (name === 'extensions') {
      return isListOf(value, extension) ? [] : [`${name} must be a list such as ["jpg", "png"]`]
    }
    return [`there is no limit "${name}"`]
  })
}

/** `defaults` overridden by the members that `limits` has; `maxFileBytes` can only become smaller. */
export function limitsWithin(defaults: EffectiveLimits, limits: OwnerLimits = {}): EffectiveLimits {
  return {
    maxFileBytes: Math.min(defaults.maxFileBytes, limits.maxFileBytes ?? Infinity),
    mediaTypes: limits.mediaTypes ?? defaults.mediaTypes,
    extensions: limits.extensions ?? defaults.extensions,
    openFiles: limits.openFiles ?? defaults.openFiles,
    openBytes: limits.openBytes ?? defaults.openBytes,
    totalBytes: limits.totalBytes ?? defaults.totalBytes,
  }
}

/**
 * Limits that each insert enforces, across servers. Only explicitly stated ones: the server's default safety limits allow
 * for thousands of uploads, which every insert would have to count.
 */
export function statedBounds(
  ofServer: OwnerLimits,
  limits: OwnerLimits = {},
): Pick<EffectiveLimits, 'openFiles' | 'openBytes' | 'totalBytes'> {
  return {
    openFiles: limits.openFiles ?? ofServer.openFiles ?? Infinity,
    openBytes: limits.openBytes ?? ofServer.openBytes ?? Infinity,
    totalBytes: limits.totalBytes ?? ofServer.totalBytes ?? Infinity,
  }
}

/** A file as its client declares it. */
export interface DeclaredFile {
  readonly name: string
  readonly size: number
  readonly type: string
}

/** @throws Problem `too-large`; or `forbidden` with status 415, which lists what is accepted. */
export function checkFile(limits: EffectiveLimits, file: DeclaredFile): void {
  const { maxFileBytes, mediaTypes, extensions } = limits
  switch (refusalOf(limits, file)) {
    case 'too-large':
      throw new Problem(
        'too-large',
        `The file has ${file.size} bytes, and at most ${maxFileBytes} are allowed. Split it into smaller files.`,
        { maxBytes: maxFileBytes },
      )
    case 'media-type':
      throw notTaken(
        file.type === '' ? 'A file without a known type' : 'A file of this type',
        mediaTypes ?? [],
      )
    case 'extension':
      throw notTaken('A file with this extension', extensions ?? [])
    case null:
  }
}

function notTaken(what: string, taken: readonly string[]): Problem {
  const list = taken.length === 0 ? 'nothing' : taken.join(', ')
  return new Problem('forbidden', `${what} is not accepted here. Accepted: ${list}.`, { status: 415 })
}

function isAmount(value: unknown): boolean {
  return value === Infinity || (Number.isSafeInteger(value) && Number(value) >= 0)
}

function isListOf(list: unknown, pattern: RegExp): boolean {
  return Array.isArray(list) && list.every((one) => typeof one === 'string' && pattern.test(one))
}
