const MiB = 1024 * 1024

/** As many parts as are in flight at once, so that what is left of a file fills all lanes. */
const lanes = 6
/** Below it a part costs more in requests than it gains. Bytes. */
const smallest = 4 * MiB
/** A second or so on a usual line: so a lost part costs little, and there are few requests. Bytes. */
const usual = 8 * MiB
/**
 * Over a line that the processor and not the network bounds, parts of 32 MiB took 13 % less time than those of 8, and 3 %
 * less than those of 16. Larger ones were not tried: they are more to lose. With {@link spare} it is 40 MiB. Bytes.
 */
const largest = 32 * MiB
/** By this share of itself a part may be larger than it ought to be, where that saves a turn of all lanes. */
const spare = 0.25
/** Of 8 MiB a whole MiB. What the server takes, too: packages/server/src/uploads/part-plan.ts. */
const stepsOfPart = 8
/** What a part may take with all lanes busy: so much a broken connection or a crash costs. Seconds. */
const longest = 5

/** Milliseconds after which a line that has brought not even one usual part is too slow for any that are larger. */
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
 * The size of the parts that follow some of `partSize`, or are to be those of a whole file: what the line carries in time,
 * and as many of them as fill all lanes to the end. For a store may take a while to answer each part, and a lane that
 * sends one more than the others is waited for alone.
 *
 * @param partSize bytes
 * @param rest bytes that are still to be cut
 * @param speed bytes per second of the line
 * @returns bytes: `partSize`, or at least twice as many, a whole number of eighths of it
 */
export function grownPartSize(partSize: number, rest: number, speed: number): number {
  const step = partSize / stepsOfPart
  const inTime = Math.min((speed * longest) / lanes, largest, partSize * (largest / usual))
  const most = Math.floor(inTime / step) * step
  if (most < 2 * partSize) return partSize
  const turns = Math.max(1, Math.ceil(rest / (lanes * most) - spare))
  const even = Math.ceil(rest / (lanes * turns * step)) * step
  return even < 2 * partSize ? partSize : even
}
