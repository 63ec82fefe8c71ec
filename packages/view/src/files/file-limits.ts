import type { LimitsAnswer } from '@carryon/client'
import { refusalOf } from '@carryon/protocol'
import type { LeftOut } from './left-out.js'

/** A larger size limit is never reached in practice and is treated as none. Bytes. */
export const hugeLimit = 2 ** 40

/**
 * A check for the files of a pick, called for one after the other: returns why the limits do not allow a file, so that it is
 * refused before a byte is read, or `null` if they do.
 *
 * @param limits `null` while unknown
 * @returns `null` instead of a check if the limits are unknown or refuse nothing, because reading the sizes of thousands of
 *   files takes a second
 */
export function limitCheck(limits: LimitsAnswer | null): ((file: File) => LeftOut | null) | null {
  if (limits === null) return null
  const { maxFileBytes, mediaTypes, extensions } = limits.limits
  const { totalBytes } = limits.left
  if (maxFileBytes >= hugeLimit && mediaTypes === null && extensions === null && totalBytes === null)
    return null
  let left = totalBytes ?? Infinity
  return (file) => {
    const refused = refusedBy(limits, left, file)
    if (refused !== null) return { name: file.name, ...refused }
    left -= file.size
    return null
  }
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

/** Value of an input's `accept` attribute; empty accepts everything. */
export function acceptOf(limits: LimitsAnswer | null): string {
  const types = limits === null ? [] : takenOf(limits.limits)
  if (types.length === 0 || types.includes('*/*')) return ''
  return types.map((type) => (type.includes('/') ? type : `.${type}`)).join()
}

/** The allowed extensions without a dot, which are more specific, if there are any; otherwise the media types. */
export function takenOf({ extensions, mediaTypes }: LimitsAnswer['limits']): readonly string[] {
  return extensions?.map((extension) => extension.replace(/^\./u, '').toLowerCase()) ?? mediaTypes ?? []
}
