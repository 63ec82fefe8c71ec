import { access, chmod, constants, mkdir, readdir, stat } from 'node:fs/promises'
import { StartError } from './start-error.js'

/** Names of the files that this program creates in a data directory. */
const ownNames = new Set(['carryon.sqlite', 'local-store-key.json', 'objects'])

/**
 * Creates the data directory if it is missing and checks that this process can write to it. Other users of the machine must
 * not be able to read it, because it contains the secret that signs owners' cookies.
 */
export async function prepareDataDirectory(path: string): Promise<void> {
  try {
    const made = await mkdir(path, { recursive: true, mode: 0o700 })
    await access(path, constants.W_OK | constants.X_OK)
    if (made === undefined && (await isOurs(path))) await chmod(path, 0o700)
  } catch (cause) {
    throw new StartError(
      `The data directory ${path} cannot be written. Give this user the right to it, or set DATA_DIR to another folder.`,
      cause,
    )
  }
}

/**
 * Whether this program may change the directory's permissions: it belongs to this user and contains only files of this
 * program. DATA_DIR may name a folder that others use as well.
 */
async function isOurs(path: string): Promise<boolean> {
  const { uid } = await stat(path)
  if (process.getuid === undefined || uid !== process.getuid()) return false
  const names = await readdir(path)
  return names.every((name) => ownNames.has(name.replace(/(?:-wal|-shm|\.\d+)$/, '')))
}
