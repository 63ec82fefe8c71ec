import { readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError, systemErrorCode } from '../errors.js'
import { privateFile } from './private-files.js'

interface Holder {
  readonly pid: number
  /** When the process began, in a form that only equals itself; '' where the system does not tell. */
  readonly began: string
}

/** Directories in use by this process, whose pid the lock file cannot tell apart from a killed predecessor's. */
const held = new Set<string>()

/**
 * Keeps a second store out of a directory: it would take the first one's unfinished files for leftovers and remove them.
 * The lock of a killed process does not hold.
 *
 * @returns the function that gives the directory back.
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

/** Whether a running process has locked a directory; `null` when nobody has, or the lock cannot be read. */
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
    // Gone meanwhile, or cut short by a crash: nobody holds it.
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

/** Pids are used again, so a process is known by its start too. Linux: field 22 of `/proc/<pid>/stat`, proc(5). */
async function beginningOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in parentheses and may hold blanks.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
