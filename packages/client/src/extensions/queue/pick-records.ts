import { handleOf } from '../local-copies/file-handles.js'
import type { FileSource } from '../../ports.js'
import type { FileMark, PickedFile, PickMarks, StoredPick } from './pick-store.js'
import type { QueuedFile } from './queued-file.js'

/** Files in one row: enough to keep writes few, while cloning one row stays far below a long task. */
const filesInRow = 500
/** Fewer rows with handles: each handle costs a message to the browser process. */
const handlesInRow = 50

/** Groups changed marks by pick. */
export function marksOf(
  changed: readonly (readonly [QueuedFile, FileMark])[],
): ReadonlyMap<string, PickMarks> {
  const marks = new Map<string, Record<number, FileMark>>()
  for (const [{ key }, mark] of changed) {
    const ofPick = marks.get(key.pick) ?? {}
    ofPick[key.index] = mark
    marks.set(key.pick, ofPick)
  }
  return marks
}

/** The pick without handles: if the browser cannot store a handle, its file is still remembered. */
export function withoutHandles({ files, ...pick }: StoredPick): StoredPick {
  return {
    ...pick,
    files: files.map((file) => {
      const bare: Omit<PickedFile, 'handle'> & { handle?: FileSystemFileHandle } = { ...file }
      delete bare.handle
      return bare
    }),
  }
}

/** The record of a file at the time of the pick. */
export function pickedFileOf(source: FileSource, keepsHandles: boolean): PickedFile {
  const { name, size, type, lastModified, webkitRelativePath: path = '' } = source
  const handle = keepsHandles ? handleOf(source) : null
  return {
    name,
    size,
    type,
    lastModified,
    ...(path !== '' ? { path } : {}),
    ...(handle === null ? {} : { handle }),
  }
}

/** Divides files into rows, in their order. */
export function inRows(files: readonly QueuedFile[]): readonly (readonly QueuedFile[])[] {
  const rows: (readonly QueuedFile[])[] = []
  for (let at = 0; at < files.length;) {
    const row = files.slice(at, at + filesInRow)
    const hasHandles = row.some(({ picked }) => picked.handle !== undefined)
    rows.push(hasHandles ? row.slice(0, handlesInRow) : row)
    at += hasHandles ? handlesInRow : filesInRow
  }
  return rows
}

/** @param files one or more that were picked one after another */
export function rowOf(
  files: readonly QueuedFile[],
  of: Pick<StoredPick, 'id' | 'queue' | 'scope'>,
): StoredPick {
  const [{ pickedAt, place } = { pickedAt: 0, place: 0 }] = files
  return { ...of, pickedAt, first: place, files: files.map(({ picked }) => picked) }
}
