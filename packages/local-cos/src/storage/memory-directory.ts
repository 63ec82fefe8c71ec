import { constants, rmSync } from 'node:fs'
import { access, lstat, mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf, StartError } from '../errors.js'
import { isHeld } from './directory-lock.js'

const namePrefix = 'local-cos-memory-'

/** Linux keeps it in memory; there a sync costs nothing. */
const sharedMemory = '/dev/shm'

/** Free bytes below which shared memory is too small to be of use: a container has 64 MiB. */
const enoughMemory = 2 ** 30

/** Milliseconds that a folder may be without a lock: between making it and locking it, and while it is removed. */
const unlockedGrace = 60_000

/** A folder for a store that keeps nothing. */
export interface MemoryDirectory {
  readonly path: string
  remove(): Promise<void>
}

/**
 * Makes a folder for a store that keeps nothing: in memory where there is room, else among the temporary files. It is
 * removed by `remove`, or when the process ends by itself; what a killed one left is removed here, by the next.
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

/** Removes folders of killed processes of this user. Others may do the same at the same time. */
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
