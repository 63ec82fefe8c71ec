import { chmod, mkdir, open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '../errors.js'

/** What is stored is for the user that runs the store and for nobody else on the machine. */
export const privateFile = 0o600
export const privateFolder = 0o700

/** Files of a store beside its folders. */
const ownFiles: ReadonlySet<string> = new Set(['lock', 'admin-token', 'keys.json'])

/** A new file. @throws an `EEXIST` when there is one. */
export async function createFile(path: string, flags: 'wx' | 'wx+' = 'wx'): Promise<FileHandle> {
  return open(path, flags, privateFile)
}

/** Makes a folder and those above it; what is there already stays as it is. */
export async function makeFolders(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: privateFolder })
}

/**
 * Closes a store's folders that an earlier version, or someone by hand, left open. The folder itself is closed when
 * nothing but the store is in it; else it may be somebody's home.
 *
 * @returns folders that stay open, since they belong to another user.
 */
export async function closeFolders(directory: string, own: readonly string[]): Promise<readonly string[]> {
  const names = await readdir(directory)
  const foreign = names.some((name) => !ownFiles.has(name) && !own.includes(name))
  const folders = [...(foreign ? [] : [directory]), ...own.map((name) => join(directory, name))]
  const open: string[] = []
  for (const folder of folders) {
    try {
      await chmod(folder, privateFolder)
    } catch (error) {
      const code = systemErrorCode(error)
      if (code === 'ENOENT') continue
      if (code !== 'EPERM') throw error
      open.push(folder)
    }
  }
  return open
}
