import { noteHandle } from '@carryon/client'
import { withPath } from './folder-path.js'
import type { LeftOut } from './left-out.js'

/** What was found in folders so far. */
export interface Found {
  readonly files: File[]
  readonly leftOut: LeftOut[]
  /** Called while folders are read, with the number of files so far. */
  readonly found: (count: number) => void
}

/** Number of files after which progress is reported: a folder of thousands takes seconds. */
const step = 200

/**
 * Adds every file of a folder with its path and its handle. After a reload the browser asks for permission only once, for
 * the file that is read first, and grants it for the others too.
 *
 * @param path path of the folder, with a trailing slash
 */
export async function readFolder(
  folder: FileSystemDirectoryHandle,
  path: string,
  brought: Found,
): Promise<void> {
  const { files, leftOut, found } = brought
  found(files.length)
  try {
    const waiting: Promise<void>[] = []
    const folders: FileSystemDirectoryHandle[] = []
    for await (const child of folder.values()) {
      if (child.kind === 'directory') folders.push(child)
      else waiting.push(addFile(child, path, brought))
    }
    await Promise.all(waiting)
    found(files.length)
    for (const child of folders) await readFolder(child, `${path}${child.name}/`, brought)
  } catch {
    leftOut.push({ name: folder.name, why: 'unreadable' })
  }
}

async function addFile(handle: FileSystemFileHandle, folder: string, brought: Found): Promise<void> {
  const { files, found } = brought
  try {
    files.push(noteHandle(withPath(await handle.getFile(), folder + handle.name), handle))
    if (files.length % step === 0) found(files.length)
  } catch {
    brought.leftOut.push({ name: handle.name, why: 'unreadable' })
  }
}
