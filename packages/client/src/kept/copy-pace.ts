/** Milliseconds before copying begins: the first bytes of an upload have the machine for themselves. */
export const headStart = 300

/**
 * Milliseconds after which a speed that is still unknown says that nothing is sent. Before, it says nothing: it is first
 * told after a second and a half.
 */
const firstWord = 2_000

/**
 * Copying a byte costs about what sending it costs, so beside a sending that has the whole machine copies go out at this
 * share of its speed: less than the tenth that a copy may cost.
 */
const leastShare = 0.07

/**
 * How long to rest after copying a part. What the machine could copy, less twice what is being sent, is taken to be
 * idle; of it copying takes one thread's half at most, and never less than {@link leastShare}.
 *
 * @param bytes that were copied
 * @param took milliseconds that it took, longer where the machine is busy
 * @param speed bytes per second of the sending; `null` while unknown
 * @param since milliseconds since copying began
 * @returns milliseconds
 */
export function restAfter(bytes: number, took: number, speed: number | null, since: number): number {
  if (speed === null) return since < firstWord ? took * 9 : took
  const perSecond = (bytes * 1000) / Math.max(took, 1)
  const pace = Math.max(speed * leastShare, perSecond - 2 * speed)
  return Math.max(took, (bytes * 1000) / pace - took)
}
