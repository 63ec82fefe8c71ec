import { constants, rmSync } from 'node:fs'
import { access, lstat, mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf, StartError } from '../errors.js'
import { isHeld } from './directory-lock.js'

const namePrefix = 'local-cos-memory-'

/** Linux keeps this folder in memory, where a sync costs nothing. */
const sharedMemory = '/dev/shm'

/** Minimum free bytes of shared memory; containers often have only 64 MiB. */
const enoughMemory = 2 ** 30

/** Milliseconds that a folder may lack a lock: between creating and locking it, and during removal. */
const unlockedGrace = 60_000

/** A directory for a store that keeps nothing. */
export interface MemoryDirectory {
  readonly path: string
  remove(): Promise<void>
}

/**
 * Creates a directory for a store that keeps nothing: in memory if there is room, otherwise among the temporary
 * files. It is removed by `remove` or when the process exits. Directories left by killed processes are removed
 * here.
 *
 * @throws {@link StartError} `DIRECTORY_NOT_WRITABLE`
 */
export async function makeMemoryDirectory(): Promise<MemoryDirectory> {
  const parent = (await hasRoom(sharedMemory)) ? sharedMemory : tmpdir()
  await removeAbandoned(parent)
  const path = await makeFolder(parent)
  const removeNow = (): void => rmSync(path, { recursive: true, force: true })
  process.once('exit', removeNow)
  return {
    path,
    remove: async () => {
      process.off('exit', removeNow)
      await rm(path, { recursive: true, force: true })
    },
  }
}

async function makeFolder(parent: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, `${namePrefix}${process.pid}-`))
  } catch (error) {
    throw new StartError(
      'DIRECTORY_NOT_WRITABLE',
      `The store cannot make a temporary folder in ${parent}: ${messageOf(error)}. ` +
        'Set TMPDIR to a folder that it may write, or give it a directory.',
      error,
    )
  }
}

async function hasRoom(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize >= enoughMemory
  } catch {
    return false
  }
}

/** Removes directories of this user's killed processes. Other processes may be doing the same. */
async function removeAbandoned(parent: string): Promise<void> {
  const names = await readdir(parent).catch((): string[] => [])
  for (const name of names) {
    if (!name.startsWith(namePrefix)) continue
    const path = join(parent, name)
    if (await isAbandoned(path)) await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    const { uid, mtimeMs } = await lstat(path)
    if (uid !== (process.getuid?.() ?? uid)) return false
    const held = await isHeld(path)
    return held === null ? Date.now() - mtimeMs > unlockedGrace : !held
  } catch {
    return false
  }
}
