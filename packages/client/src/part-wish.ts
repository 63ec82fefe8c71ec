const MiB = 1024 * 1024

/** As many parts as are in flight at once, so that a small file fills all lanes. */
const lanes = 6
/** Below it a part costs more in requests than it gains. Bytes. */
const smallest = 4 * MiB
/** A second or so on a usual line: so a lost part costs little, and there are few requests. Bytes. */
export const usualPartSize = 8 * MiB
/**
 * Over a line that the processor and not the network bounds, parts of 32 MiB took 13 % less time than those of 8, and 3 %
 * less than those of 16. Larger ones were not tried: they are more to lose. Bytes.
 */
const largest = 32 * MiB
/** Parts of a file at least, so that a part that has to go again is little of it, wherever parts are larger than usual. */
const fewest = 64
/** What a part may take with all lanes busy. Seconds. */
const longest = 10

/**
 * The part size to wish for a new upload, where the application wishes none.
 *
 * @param size bytes of the file
 * @param speed bytes per second of the line; `null` while it is unknown: then as if it were fast
 * @returns bytes
 */
export function wishedPartSize(size: number, speed: number | null): number {
  if (size < usualPartSize * lanes)
    return between(Math.ceil(size / lanes / MiB) * MiB, smallest, usualPartSize)
  const bySize = Math.floor(size / fewest / MiB) * MiB
  const byLine = speed === null ? largest : Math.floor((speed * longest) / lanes / MiB) * MiB
  return between(Math.min(bySize, byLine), usualPartSize, largest)
}

/** Whether parts of `partSize` bytes take too long on a line of `speed` bytes per second. */
export function isTooCoarse(partSize: number, speed: number): boolean {
  return partSize > usualPartSize && partSize * lanes > speed * longest
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
