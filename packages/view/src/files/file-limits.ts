import type { LimitsAnswer } from '@carryon/client'
import { refusalOf } from '@carryon/protocol'
import type { LeftOut } from './left-out.js'

/** A size limit from here on is none that a person meets: one tebibyte. */
export const hugeLimit = 2 ** 40

/**
 * Says of one file after the other why the limits do not allow it, so that it is refused before a byte is read; `null`: they do.
 *
 * @returns `null` where the limits refuse nothing: asking each of thousands of files for its size takes a second
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

/** For the `accept` attribute of an input; empty: everything. */
export function acceptOf(limits: LimitsAnswer | null): string {
  const types = limits === null ? [] : takenOf(limits.limits)
  if (types.length === 0 || types.includes('*/*')) return ''
  return types.map((type) => (type.includes('/') ? type : `.${type}`)).join()
}

/** Endings without a point where there are some, for they say more; else media types. */
export function takenOf({ extensions, mediaTypes }: LimitsAnswer['limits']): readonly string[] {
  return extensions?.map((extension) => extension.replace(/^\./u, '').toLowerCase()) ?? mediaTypes ?? []
}
