import { readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Number of files below a folder that this process has open. Linux only. */
export async function openFilesBelow(directory: string): Promise<number> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map(async (fd) => readlink(join('/proc/self/fd', fd)).catch(() => '')),
  )
  return links.filter((link) => link.startsWith(directory)).length
}
