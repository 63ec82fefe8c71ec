import { readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError, systemErrorCode } from '../errors.js'
import { privateFile } from './private-files.js'

interface Holder {
  readonly pid: number
  /** Start time of the process, only useful to test for equality; '' where the system does not report it. */
  readonly began: string
}

/**
 * Directories in use by this process. The lock file alone cannot tell this process from a killed one that had
 * the same pid.
 */
const held = new Set<string>()

/**
 * Prevents a second store from using the directory: it would remove the first store's unfinished files as
 * leftovers. A lock left by a killed process is ignored.
 *
 * @returns a function that releases the directory.
 * @throws {@link StartError} `DIRECTORY_IN_USE`
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = await realpath(directory)
  const file = join(path, 'lock')
  if (held.has(path)) throw inUse(directory, process.pid, file)
  held.add(path)
  try {
    const self: Holder = { pid: process.pid, began: await beginningOf(process.pid) }
    while (!(await writeNew(file, self))) {
      const holder = await readHolder(file)
      if (holder !== null && holder.pid !== process.pid && (await isRunning(holder))) {
        throw inUse(directory, holder.pid, file)
      }
      await rm(file, { force: true })
    }
  } catch (error) {
    held.delete(path)
    throw error
  }
  return async () => {
    await rm(file, { force: true })
    held.delete(path)
  }
}

/** Whether a running process has locked the directory; `null` if there is no lock or it cannot be read. */
export async function isHeld(directory: string): Promise<boolean | null> {
  const holder = await readHolder(join(directory, 'lock'))
  return holder === null ? null : isRunning(holder)
}

function inUse(directory: string, pid: number, file: string): StartError {
  return new StartError(
    'DIRECTORY_IN_USE',
    `Another store (process ${pid}) uses ${directory}. End it or choose another directory. ` +
      `If there is none, remove ${file}.`,
  )
}

async function writeNew(file: string, holder: Holder): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(holder), { flag: 'wx', mode: privateFile })
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    throw error
  }
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder
  } catch {
    // The lock file has been removed, or was truncated by a crash: the lock is not held.
    return null
  }
}

async function isRunning({ pid, began }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return systemErrorCode(error) === 'EPERM'
  }
  return (await beginningOf(pid)) === began
}

/**
 * Pids are reused, so a process is identified by its start time as well. Linux: field 22 of `/proc/<pid>/stat`,
 * proc(5).
 */
async function beginningOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in parentheses and may contain spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
