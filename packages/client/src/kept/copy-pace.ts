/** Milliseconds before copying begins: the first bytes of an upload have the machine for themselves. */
export const headStart = 300

/**
 * Milliseconds after which a speed that is still unknown says that nothing is sent. Before, it says nothing: it is first
 * told after a second and a half.
 */
const firstWord = 3_000

/**
 * A line that is this many times slower than copying leaves the processor and the disk idle. Copying a byte costs about
 * what sending it costs: on a line that is nearly as fast, both want the same machine.
 */
const idleFrom = 3

/**
 * How long to rest after copying a part: half of one thread's time where the line is what the sending waits for, which
 * is nearly always, and a tenth where it is the machine.
 *
 * @param bytes that were copied
 * @param took milliseconds that it took
 * @param speed bytes per second of the sending; `null` while unknown
 * @param since milliseconds since copying began
 * @returns milliseconds
 */
export function restAfter(bytes: number, took: number, speed: number | null, since: number): number {
  const copySpeed = (bytes * 1000) / Math.max(took, 1)
  const isBusy = speed === null ? since < firstWord : speed * idleFrom > copySpeed
  return isBusy ? took * 9 : took
}
