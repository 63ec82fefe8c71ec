import type { StoredPart } from '@carryon/object-store'
import type { UploadRow } from '../repository/upload-row.js'

/** The columns about resuming: what was stored at a resume, and what was sent again. */
export type Course = Pick<UploadRow, 'resumedBytes' | 'sentAgainBytes' | 'foundParts'>

/** For a new upload. */
export const noCourse = { resumedBytes: null, sentAgainBytes: 0, foundParts: null } as const

/** Leading characters of an ETag that are kept: enough to notice that a part was replaced. */
const kept = 8

/**
 * Columns to record when an open finds stored parts: their total size, and their numbers and ETags, so that the receipt
 * can tell which of them had to be sent again.
 */
export function courseAtResume(row: Course, parts: readonly StoredPart[]): Course {
  const stored = parts.reduce((sum, { size }) => sum + size, 0)
  const found = readFound(row.foundParts)
  for (const { partNumber, etag } of parts) found.set(partNumber, short(etag))
  return {
    resumedBytes: stored > 0 ? stored : row.resumedBytes,
    sentAgainBytes: row.sentAgainBytes + replacedBytes(row, parts),
    foundParts: found.size > 0 ? [...found].map((pair) => pair.join(':')).join(',') : null,
  }
}

/** Columns to record once all parts are stored. */
export function courseAtComplete(row: Course, parts: readonly StoredPart[]): Course {
  const { resumedBytes, sentAgainBytes } = row
  return { resumedBytes, sentAgainBytes: sentAgainBytes + replacedBytes(row, parts), foundParts: null }
}

/** Bytes of found parts that were replaced since. */
function replacedBytes({ foundParts }: Course, parts: readonly StoredPart[]): number {
  const found = readFound(foundParts)
  return parts
    .filter(({ partNumber, etag }) => {
      const before = found.get(partNumber)
      return before !== undefined && before !== short(etag)
    })
    .reduce((sum, { size }) => sum + size, 0)
}

function readFound(text: string | null): Map<number, string> {
  return new Map(
    (text === null ? [] : text.split(',')).map((pair) => {
      const [partNumber = '', etag = ''] = pair.split(':')
      return [Number(partNumber), etag]
    }),
  )
}

function short(etag: string): string {
  return etag.replace(/[^\w-]/gu, '').slice(0, kept)
}
