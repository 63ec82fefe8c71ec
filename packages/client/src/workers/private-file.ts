/**
 * Sync access handle of the origin private file system (File System standard). It is the fast way to write, exists only
 * in workers, and is missing in TypeScript's library for windows.
 */
interface SyncAccessHandle {
  write(bytes: Uint8Array, options: { at: number }): number
  truncate(size: number): void
  close(): void
}

const root = 'carryon-blocks'
/** Where an earlier version kept copies of parts. */
const formerRoot = 'carryon'

/** The folder of one file's blocks. Rejects when it does not exist and `create` is `false`. */
export async function blocksFolder(name: string, create: boolean): Promise<FileSystemDirectoryHandle> {
  return (await rootFolder(create)).getDirectoryHandle(name, { create })
}

export async function rootFolder(create: boolean): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(root, { create })
}

/** Removes what an earlier version has stored, because it is not used any more. */
export async function dropFormer(): Promise<void> {
  await (await navigator.storage.getDirectory()).removeEntry(formerRoot, { recursive: true })
}

/**
 * Opens a file for writing from the beginning, in a worker. The caller has to close it.
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
      // On a full disk, fewer bytes may be written without an error.
      if (taken !== bytes.byteLength) throw new Error(`Only ${taken} of ${bytes.byteLength} bytes were kept.`)
      written += taken
    },
    close: () => access.close(),
  }
}
