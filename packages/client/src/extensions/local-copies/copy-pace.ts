import type { UploadProgress } from '../../upload-types.js'

/** Milliseconds before copying begins: the first bytes of an upload have the machine for themselves. */
export const headStart = 300

/** Milliseconds for which the line is watched first, where it is still open how large its parts are to be. */
export const measuring = 2_500

/**
 * Milliseconds after which a speed that is still unknown says that nothing is sent. Before, it says nothing: it is first
 * told after a second and a half.
 */
const firstWord = 2_000

/**
 * A copy made at this share of the sending's speed is whole when five sixths have been sent: before, it is of no use, and
 * for the rest it is not worth what it takes from the sending. For copying a byte costs about what sending it costs.
 */
const leastShare = 0.2

/** Seconds. An upload that is over by then gains so little from a copy that it is not to be held up by one. */
const soon = 15

/** Seconds. What is over by then is so before much of it is copied. */
const verySoon = 5

/** Beside a line that takes more than this share of what could be copied, copying takes from the sending. */
const fastShare = 0.2

/**
 * Whether an upload is so near its end that no copy of it is worth beginning. What stands still is not.
 *
 * @param carried bytes per second that have come through: what is sent may be in a buffer still
 */
export function isEnding(
  { secondsLeft, total, loaded }: Pick<UploadProgress, 'secondsLeft' | 'total' | 'loaded'>,
  carried: number,
): boolean {
  return secondsLeft !== null && secondsLeft <= verySoon && total - loaded <= carried * verySoon
}

/**
 * How long to rest after copying a part. What the machine could copy, less twice what is being sent, is taken to be
 * idle, and of it copying takes one thread's half at most.
 *
 * @param bytes that were copied
 * @param took milliseconds that it took, longer where the machine is busy
 * @param progress of the sending: bytes per second and seconds; `null` while unknown
 * @param since milliseconds since copying began
 * @returns milliseconds; `null` while it is better not to copy: beside a sending that is so fast that the copy would be
 *   whole only near its end, or that is soon over
 */
export function restAfter(
  bytes: number,
  took: number,
  { speed, secondsLeft }: Pick<UploadProgress, 'speed' | 'secondsLeft'>,
  since: number,
): number | null {
  if (speed === null) return since < firstWord ? took * 9 : took
  const perSecond = (bytes * 1000) / Math.max(took, 1)
  const isSoonOver = secondsLeft !== null && secondsLeft <= soon && speed > perSecond * fastShare
  const pace = perSecond - 2 * speed
  if (isSoonOver || pace < speed * leastShare) return null
  return Math.max(took, (bytes * 1000) / pace - took)
}
