import { noteHandle } from '@carryon/client'
import type { BroughtFiles, LeftOut } from './left-out.js'

/**
 * The files of a drop, those inside dropped folders included. Must be called in the drop event's own tick: the
 * browser empties the transfer after it.
 *
 * @param transfer the drop event's
 */
export async function droppedFiles(transfer: Pick<DataTransfer, 'files' | 'items'>): Promise<BroughtFiles> {
  const plain = Array.from(transfer.files)
  const items = Array.from(transfer.items)
  const entries = items.flatMap((item) => item.webkitGetAsEntry() ?? [])
  const handles = items.map(handleOf)
  // `files` lists a folder as an unreadable file, so entries decide once there is one.
  if (!entries.some((entry) => entry.isDirectory)) {
    return { files: withHandles(plain, await Promise.all(handles)), leftOut: [] }
  }
  const files: File[] = []
  const leftOut: LeftOut[] = []
  for (const entry of entries) {
    const before = files.length + leftOut.length
    await collect(entry, files, leftOut)
    // Folders inside that are empty go without saying.
    if (files.length + leftOut.length === before) leftOut.push({ name: entry.name, why: 'empty-folder' })
  }
  return { files, leftOut }
}

/** Chromium's way to a file that outlives the page; https://wicg.github.io/file-system-access/#drag-and-drop */
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

/** `files` lists the items that are files, in their order; should they not pair, there are no handles. */
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

async function collect(entry: FileSystemEntry, files: File[], leftOut: LeftOut[]): Promise<void> {
  try {
    if (isFile(entry)) {
      files.push(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)))
    } else if (isDirectory(entry)) {
      for (const child of await children(entry)) await collect(child, files, leftOut)
    }
  } catch {
    leftOut.push({ name: entry.name, why: 'unreadable' })
  }
}

async function children(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader()
  const found: FileSystemEntry[] = []
  // `readEntries` answers in batches (Chromium: 100) until an empty one;
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
