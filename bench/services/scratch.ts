import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** Bytes that must be free for the largest workload: two copies of 2 GiB. */
const needed = 5 * 1024 ** 3

/**
 * Where stores keep their objects and servers their databases: in memory where there is room, so that a run measures the
 * software and the link and not the moods of a shared disk.
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
