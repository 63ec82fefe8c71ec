import { noteHandle } from '@carryon/client'
import { readFolder, type Found } from './folder-handle.js'
import { withPath } from './folder-path.js'
import type { BroughtFiles } from './left-out.js'

/**
 * The files of a drop or a paste, including those inside folders, each with its path. Must be called synchronously in the
 * event handler, because the browser empties the transfer afterwards.
 *
 * @param transfer the event's transfer
 * @param found called while folders are read, with the number of files so far
 */
export async function droppedFiles(
  transfer: Pick<DataTransfer, 'files' | 'items'>,
  found: (count: number) => void = () => undefined,
): Promise<BroughtFiles> {
  const plain = Array.from(transfer.files)
  const items = Array.from(transfer.items)
  const entries = items.map((item) => item.webkitGetAsEntry())
  const asking = items.map(handleOf)
  // `files` lists a folder as an unreadable file, so entries are used if the browser has them.
  const handles = await Promise.all(asking)
  if (!entries.some((entry) => entry?.isDirectory)) {
    return { files: withHandles(plain, handles), leftOut: [] }
  }
  const brought: Found = { files: [], leftOut: [], found }
  for (const [index, entry] of entries.entries()) {
    if (entry === null) continue
    const before = brought.files.length + brought.leftOut.length
    const handle = handles[index] ?? null
    if (handle !== null && isFolderHandle(handle)) await readFolder(handle, `${handle.name}/`, brought)
    else await collect(entry, '', brought, handle)
    // Empty nested folders are not reported.
    if (brought.files.length + brought.leftOut.length === before)
      brought.leftOut.push({ name: entry.name, why: 'empty-folder' })
  }
  return brought
}

/** Chromium's file handle, which survives the page; https://wicg.github.io/file-system-access/#drag-and-drop */
interface HandledItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>
}

async function handleOf(item: DataTransferItem & HandledItem): Promise<FileSystemHandle | null> {
  try {
    return (await item.getAsFileSystemHandle?.()) ?? null
  } catch {
    return null
  }
}

/** `files` lists the file items in the same order; if the two do not match, no handles are used. */
function withHandles(files: readonly File[], handles: readonly (FileSystemHandle | null)[]): readonly File[] {
  if (files.length !== handles.length) return files
  return files.map((file, index) => {
    const handle = handles[index]
    return handle && isFileHandle(handle) ? noteHandle(file, handle) : file
  })
}

function isFileHandle(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file'
}

function isFolderHandle(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === 'directory'
}

/**
 * @param folder path of the entry's folder, with a trailing slash; empty for an entry that was dropped itself
 * @param handle of a file that was dropped itself, if the browser provides one
 */
async function collect(
  entry: FileSystemEntry,
  folder: string,
  brought: Found,
  handle: FileSystemHandle | null = null,
): Promise<void> {
  const { files, leftOut, found } = brought
  try {
    if (isFile(entry)) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
      withPath(file, folder + entry.name)
      files.push(handle !== null && isFileHandle(handle) ? noteHandle(file, handle) : file)
    } else if (isDirectory(entry)) {
      const within = `${folder}${entry.name}/`
      const inside = await children(entry)
      // Sequentially, thousands of files would take seconds.
      await Promise.all(inside.filter(isFile).map((child) => collect(child, within, brought)))
      found(files.length)
      for (const child of inside) if (!isFile(child)) await collect(child, within, brought)
    }
  } catch {
    leftOut.push({ name: entry.name, why: 'unreadable' })
  }
}

async function children(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader()
  const found: FileSystemEntry[] = []
  // `readEntries` returns batches (Chromium: 100 entries) and ends with an empty one;
  // https://developer.mozilla.org/docs/Web/API/FileSystemDirectoryReader/readEntries
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (batch.length === 0) return found
    found.push(...batch)
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
