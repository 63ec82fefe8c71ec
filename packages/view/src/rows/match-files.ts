import type { UnfinishedUpload } from '@carryon/client'

/** What is known of a file without reading it. */
interface Told {
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly lastModified: number | null
}

/**
 * Matches picked files to the rows of files that had not begun: first by name, size and time, then by name and size,
 * because a copied file has another time. The second match is only used if this browser has lost the file: a file that it
 * still has may be a different one of that name, and would be replaced. Nothing of the earlier file was read, so contents
 * cannot be mixed.
 *
 * @param needsNow what a row needs to resume
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
 * Whether a file picked in a row may be the row's file. Before an upload has begun, only name and size can tell. Afterwards
 * the content decides: a file of that name may have grown since, and one of that size may have a new name.
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
