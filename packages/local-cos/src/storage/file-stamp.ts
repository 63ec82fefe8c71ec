import { stat } from 'node:fs/promises'
import { systemErrorCode } from '../errors.js'

/**
 * Tells one state of a file or folder from every other: its inode and the time of its last change (ctime), which no
 * program can set. Putting, replacing or removing a file changes the stamp of its folder.
 *
 * @returns `null` when there is nothing at that path.
 */
export async function stampOf(path: string): Promise<string | null> {
  try {
    const { ino, ctimeNs } = await stat(path, { bigint: true })
    return `${ino}-${ctimeNs}`
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null
    throw error
  }
}

/** More than a tick of the clock by which Linux stamps files: 10 ms at most. */
export const fineTick = 20
/** More than the 2 s of the coarsest file system in use, FAT. */
const coarseTick = 3_000

/**
 * Milliseconds after a change until a later change is sure to give another stamp. File systems that keep whole seconds
 * are known by their stamps.
 */
export function settleTime(stamp: string): number {
  return stamp.endsWith('000000000') ? coarseTick : fineTick
}
