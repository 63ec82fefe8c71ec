const MiB = 1024 * 1024

/** As many parts as are in flight at once, so that what is left of a file fills all lanes. */
const lanes = 6
/** Below it a part costs more in requests than it gains. Bytes. */
const smallest = 4 * MiB
/** A second or so on a usual line: so a lost part costs little, and there are few requests. Bytes. */
const usual = 8 * MiB
/**
 * Over a line that the processor and not the network bounds, parts of 32 MiB took 13 % less time than those of 8, and 3 %
 * less than those of 16. Larger ones were not tried: they are more to lose. Bytes.
 */
const largest = 32 * MiB
/** What a part may take with all lanes busy: so much a broken connection or a crash costs. Seconds. */
const longest = 5

/** Milliseconds after which a line that has brought no {@link lanes} usual parts is too slow for any that are larger. */
export const growsWithin = (longest / 2) * 1000

/**
 * The part size to wish for a new upload, where the application wishes none.
 *
 * @param size bytes of the file
 * @param speed bytes per second of the line; `null` while it is unknown
 * @returns bytes
 */
export function wishedPartSize(size: number, speed: number | null): number {
  if (size < usual * lanes) return Math.min(Math.max(Math.ceil(size / lanes / MiB) * MiB, smallest), usual)
  return speed === null ? usual : grownPartSize(usual, size, speed)
}

/**
 * The size of the parts that follow some of `partSize`: a multiple of it.
 *
 * @param partSize bytes
 * @param rest bytes that are still to be cut
 * @param speed bytes per second of the line
 * @returns bytes
 */
export function grownPartSize(partSize: number, rest: number, speed: number): number {
  const byLine = (speed * longest) / (lanes * partSize)
  const byRest = rest / (lanes * partSize)
  const times = Math.min(byLine, byRest, largest / usual, largest / partSize)
  return partSize * Math.max(1, Math.floor(times))
}
