import { handleOf } from '../kept/file-handles.js'
import type { FileSource } from '../seams.js'
import type { FileMark, PickedFile, PickMarks, StoredPick } from './pick-store.js'
import type { QueuedFile } from './queued-file.js'

/** What changed of files, by pick. */
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

/** A handle that the browser does not store is no reason to forget its file. */
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

/** What is remembered of a file when it is picked. */
export function pickedFileOf(source: FileSource, keepsHandles: boolean): PickedFile {
  const { name, size, type, lastModified } = source
  const handle = keepsHandles ? handleOf(source) : null
  // https://wicg.github.io/entries-api/#dom-file-webkitrelativepath
  const path: unknown = Reflect.get(source, 'webkitRelativePath')
  return {
    name,
    size,
    type,
    lastModified,
    ...(typeof path === 'string' && path !== '' ? { path } : {}),
    ...(handle === null ? {} : { handle }),
  }
}
