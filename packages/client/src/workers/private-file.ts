/**
 * The origin private file system (File System standard). Its fast way in, a sync access handle, exists in workers
 * only, and TypeScript's library for windows does not know it.
 */
interface SyncAccessHandle {
  write(bytes: Uint8Array, options: { at: number }): number
  truncate(size: number): void
  close(): void
}

const root = 'carryon-blocks'
/** Where an earlier version kept copies of parts. */
const formerRoot = 'carryon'

/** The folder of one file's blocks. Rejects when it is not there and is not to be made. */
export async function blocksFolder(name: string, create: boolean): Promise<FileSystemDirectoryHandle> {
  return (await rootFolder(create)).getDirectoryHandle(name, { create })
}

export async function rootFolder(create: boolean): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(root, { create })
}

/** Removes what an earlier version has kept: nothing of it is used any more. */
export async function dropFormer(): Promise<void> {
  await (await navigator.storage.getDirectory()).removeEntry(formerRoot, { recursive: true })
}

/**
 * Writes one file anew, in a worker; whoever feeds it closes it.
 *
 * @returns `write`, which appends, and `close`
 */
export async function writeFile(
  folder: string,
  name: string,
): Promise<{ readonly write: (bytes: Uint8Array) => void; readonly close: () => void }> {
  const handle = await (await blocksFolder(folder, true)).getFileHandle(name, { create: true })
  const open: unknown = Reflect.get(handle, 'createSyncAccessHandle')
  if (typeof open !== 'function') throw new TypeError('There are no sync access handles here.')
  const access = (await open.call(handle)) as SyncAccessHandle
  access.truncate(0)
  let written = 0
  return {
    write: (bytes) => {
      const taken = access.write(bytes, { at: written })
      // A full disk may also show as fewer bytes written.
      if (taken !== bytes.byteLength) throw new Error(`Only ${taken} of ${bytes.byteLength} bytes were kept.`)
      written += taken
    },
    close: () => access.close(),
  }
}
