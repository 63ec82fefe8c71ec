import type { LimitsAnswer } from '@carryon/client'
import { hugeLimit, takenOf } from '../files/file-limits.js'
import type { LeftOut } from '../files/left-out.js'
import { formatBytes } from '../format/bytes.js'
import type { Messages } from '../language/messages.js'

/** Why something was left out, as a sentence. */
export function leftOutWords({ why, bytes = 0, taken = [] }: LeftOut, messages: Messages): string {
  const words = messages.leftOut[why]
  return typeof words === 'string'
    ? words
    : words(why === 'wrong-type' ? typeWords(taken, messages) : formatBytes(bytes, messages.locale))
}

/** What may be uploaded; "any size" only if no size is limited. */
export function dropHint(limits: LimitsAnswer | null, messages: Messages): string {
  const isLimited =
    limits !== null && (limits.limits.maxFileBytes < hugeLimit || limits.left.totalBytes !== null)
  return isLimited ? messages.dropHintLimited : messages.dropHint
}

/** What may be uploaded, in one line: `Up to 50.0 MB per file · images · 1.2 GB left`; `null` if nothing is limited. */
export function limitsWords(limits: LimitsAnswer | null, messages: Messages): string | null {
  if (limits === null) return null
  const { maxFileBytes } = limits.limits
  const types = takenOf(limits.limits)
  const { totalBytes } = limits.left
  const words = [
    ...(maxFileBytes < hugeLimit ? [messages.limitPerFile(formatBytes(maxFileBytes, messages.locale))] : []),
    ...(types.length > 0 ? [typeWords(types, messages)] : []),
    ...(totalBytes === null ? [] : [messages.limitLeft(formatBytes(totalBytes, messages.locale))]),
  ]
  return words.length === 0 ? null : words.join(' · ')
}

function typeWords(types: readonly string[], messages: Messages): string {
  const words = types.map((type) => {
    const [kind = '', format] = type.toLowerCase().split('/')
    if (format === undefined) return kind.toUpperCase()
    return format === '*' ? (messages.mediaKinds[kind] ?? kind) : format.toUpperCase()
  })
  return words.join(messages.listSeparator)
}
