import { stat } from 'node:fs/promises'
import { systemErrorCode } from '../errors.js'

/**
 * Identifies a state of a file or folder: its inode and time of last change (ctime), which no program can set.
 * Adding, replacing or removing a file changes its folder's stamp.
 *
 * @returns `null` if the path does not exist.
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

/** Longer than a tick of the clock Linux uses for file times: at most 10 ms. */
export const fineTick = 20
/** Longer than the 2 s of the coarsest file system in use, FAT. */
const coarseTick = 3_000

/**
 * Milliseconds after a change until a later change is sure to produce a different stamp. A file system with
 * whole seconds is recognized by its stamps.
 */
export function settleTime(stamp: string): number {
  return stamp.endsWith('000000000') ? coarseTick : fineTick
}
