import { access, chmod, constants, mkdir, readdir, stat } from 'node:fs/promises'
import { StartError } from './start-error.js'

/** Files by which a data directory is recognised. */
const ownNames = new Set(['carryon.sqlite', 'local-store-key.json', 'objects'])

/**
 * Makes the data directory when it is missing and checks that this process may write there. It holds the secret that signs
 * owners' cookies, so no other user of this machine may look into it.
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
 * Whether its rights are ours to change: it belongs to this user, and holds nothing but what this program put there. Somebody
 * may have named a folder that others use as well.
 */
async function isOurs(path: string): Promise<boolean> {
  const { uid } = await stat(path)
  if (process.getuid === undefined || uid !== process.getuid()) return false
  const names = await readdir(path)
  return names.every((name) => ownNames.has(name.replace(/(?:-wal|-shm|\.\d+)$/, '')))
}
