import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** Free bytes that the largest workload needs: two copies of 2 GiB, and some reserve. */
const needed = 5 * 1024 ** 3

/**
 * Folder in which stores keep their objects and servers their databases: in memory if there is enough, so that a run
 * measures the software and the link, not the varying speed of a shared disk.
 */
export function scratchRoot(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    if (bavail * bsize > needed) return '/dev/shm'
  } catch {
    // Not Linux.
  }
  return tmpdir()
}
