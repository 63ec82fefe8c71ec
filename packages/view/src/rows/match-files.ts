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
 * size, for a copied file has another time. The latter only where the file is lost to this browser: what it still has may
 * be another file of that name, and would be given up for this one. Nothing of what was picked then was read, so nothing
 * can be mixed.
 *
 * @param needsNow what a row needs to go on
 * @returns the row of each file, in the order of the files; `null` for a file that is new
 */
export function matchQueued<T extends Told>(
  rows: readonly UnfinishedUpload[],
  files: readonly T[],
  needsNow: (row: UnfinishedUpload) => UnfinishedUpload['needs'] = ({ needs }) => needs,
): readonly (readonly [T, UnfinishedUpload | null])[] {
  const queued = rows.filter(({ state }) => state === 'queued')
  if (queued.length === 0) return files.map((file) => [file, null])
  const matched = new Map<T, UnfinishedUpload>()
  const left = new Set(queued)
  const match = (candidates: Iterable<UnfinishedUpload>, keyOf: (told: Told) => string): void => {
    const waiting = new Map<string, UnfinishedUpload[]>()
    for (const row of candidates) {
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
  match(left, byTime)
  match(
    [...left].filter((row) => needsNow(row) === 'file'),
    byName,
  )
  return files.map((file) => [file, matched.get(file) ?? null])
}

/**
 * Whether a file that was picked in a row may be the row's. Of what has not begun nothing else than name and size tells.
 * What has begun is found by its content: a file of that name may have grown since, one of that size may have another
 * name.
 */
export function isExpected(row: UnfinishedUpload, { name, size }: Pick<Told, 'name' | 'size'>): boolean {
  const hasName = name === row.name
  const hasSize = size === row.size
  return row.state === 'queued' ? hasName && hasSize : hasName || hasSize
}

function byName({ name, size }: Told): string {
  return `${size}/${name}`
}

function byTime(told: Told): string {
  return `${told.lastModified ?? ''}/${byName(told)}`
}
