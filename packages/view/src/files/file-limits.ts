import type { LimitsAnswer } from '@carryon/client'
import { refusalOf } from '@carryon/protocol'
import { formatBytes } from '../format/bytes.js'
import type { Messages } from '../language/messages.js'
import type { LeftOut } from './left-out.js'

/** A size limit from here on is none that a person meets: one tebibyte. */
const hugeLimit = 2 ** 40

/** Files that are within the limits, and the others with the reason: they are refused before a byte is read. */
export function withinLimits(
  files: readonly File[],
  limits: LimitsAnswer | null,
): { readonly files: readonly File[]; readonly leftOut: readonly LeftOut[] } {
  if (limits === null) return { files, leftOut: [] }
  const taken: File[] = []
  const leftOut: LeftOut[] = []
  let left = limits.left.totalBytes ?? Infinity
  for (const file of files) {
    const refused = refusedBy(limits, left, file)
    if (refused === null) {
      taken.push(file)
      left -= file.size
    } else leftOut.push({ name: file.name, ...refused })
  }
  return { files: taken, leftOut }
}

function refusedBy({ limits }: LimitsAnswer, left: number, file: File): Omit<LeftOut, 'name'> | null {
  switch (refusalOf(limits, file)) {
    case 'too-large':
      return { why: 'too-large', bytes: limits.maxFileBytes }
    case 'media-type':
    case 'extension':
      return { why: 'wrong-type', taken: takenOf(limits) }
    case null:
      return file.size > left ? { why: 'no-room', bytes: left } : null
  }
}

/** Why something was left out, as a sentence. */
export function leftOutWords({ why, bytes = 0, taken = [] }: LeftOut, messages: Messages): string {
  const words = messages.leftOut[why]
  return typeof words === 'string'
    ? words
    : words(why === 'wrong-type' ? typeWords(taken, messages) : formatBytes(bytes))
}

/** What may be uploaded, in a line: `Up to 50.0MB per file · images · 1.2GB left`; `null` where there is nothing to say. */
export function limitsWords(limits: LimitsAnswer | null, messages: Messages): string | null {
  if (limits === null) return null
  const { maxFileBytes } = limits.limits
  const types = takenOf(limits.limits)
  const { totalBytes } = limits.left
  const words = [
    ...(maxFileBytes < hugeLimit ? [messages.limitPerFile(formatBytes(maxFileBytes))] : []),
    ...(types.length > 0 ? [typeWords(types, messages)] : []),
    ...(totalBytes === null ? [] : [messages.limitLeft(formatBytes(totalBytes))]),
  ]
  return words.length === 0 ? null : words.join(' · ')
}

/** For the `accept` attribute of an input; empty: everything. */
export function acceptOf(limits: LimitsAnswer | null): string {
  const types = limits === null ? [] : takenOf(limits.limits)
  if (types.length === 0 || types.includes('*/*')) return ''
  return types.map((type) => (type.includes('/') ? type : `.${type}`)).join()
}

/** Endings without a point where there are some, for they say more; else media types. */
function takenOf({ extensions, mediaTypes }: LimitsAnswer['limits']): readonly string[] {
  return extensions?.map((extension) => extension.replace(/^\./u, '').toLowerCase()) ?? mediaTypes ?? []
}

function typeWords(types: readonly string[], messages: Messages): string {
  const words = types.map((type) => {
    const [kind = '', format] = type.toLowerCase().split('/')
    if (format === undefined) return kind.toUpperCase()
    return format === '*' ? (messages.mediaKinds[kind] ?? kind) : format.toUpperCase()
  })
  return words.join(messages.listSeparator)
}
