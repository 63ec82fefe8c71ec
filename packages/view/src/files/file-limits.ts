import type { LimitsAnswer } from '@carryon/client'
import { refusalOf } from '@carryon/protocol'
import type { LeftOut } from './left-out.js'

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
