import type { UnfinishedUpload } from '@carryon/client'

/** What of a file can be told without reading it. */
interface Told {
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly lastModified: number | null
}

/**
 * Finds to files that were picked the rows of files that had not begun: by name, size and time first, then by name and
 * size, for a copied file has another time. Nothing of what was picked then was read, so nothing can be mixed.
 *
 * @returns the row of each file, in the order of the files; `null` for a file that is new
 */
export function matchQueued<T extends Told>(
  rows: readonly UnfinishedUpload[],
  files: readonly T[],
): readonly (readonly [T, UnfinishedUpload | null])[] {
  const queued = rows.filter(({ state }) => state === 'queued')
  if (queued.length === 0) return files.map((file) => [file, null])
  const matched = new Map<T, UnfinishedUpload>()
  const left = new Set(queued)
  for (const keyOf of [byTime, byName]) {
    const waiting = new Map<string, UnfinishedUpload[]>()
    for (const row of left) {
      const alike = waiting.get(keyOf(row))
      if (alike === undefined) waiting.set(keyOf(row), [row])
      else alike.push(row)
    }
    for (const file of files) {
      const row = matched.has(file) ? undefined : waiting.get(keyOf(file))?.shift()
      if (row === undefined) continue
      matched.set(file, row)
      left.delete(row)
    }
  }
  return files.map((file) => [file, matched.get(file) ?? null])
}

function byName({ name, size }: Told): string {
  return `${size}/${name}`
}

function byTime(told: Told): string {
  return `${told.lastModified ?? ''}/${byName(told)}`
}
