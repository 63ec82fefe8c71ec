import { chmod, mkdir, open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '../errors.js'

/** Files are accessible only to the user who runs the store. */
export const privateFile = 0o600
export const privateFolder = 0o700

/** Files of a store next to its folders. */
const ownFiles: ReadonlySet<string> = new Set(['lock', 'admin-token', 'keys.json'])

/** Creates a file. @throws `EEXIST` if it exists. */
export async function createFile(path: string, flags: 'wx' | 'wx+' = 'wx'): Promise<FileHandle> {
  return open(path, flags, privateFile)
}

/** Creates a folder and its missing parents; existing ones are unchanged. */
export async function makeFolders(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: privateFolder })
}

/**
 * Makes the store's folders private if an earlier version or a person left them open. The directory itself is
 * changed only if it contains nothing else; otherwise it may be a home directory.
 *
 * @returns folders that stay open because they belong to another user.
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
