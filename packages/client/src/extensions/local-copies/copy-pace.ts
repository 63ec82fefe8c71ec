import type { UploadProgress } from '../../upload-types.js'

/** Milliseconds before copying begins, so that it does not slow down the first bytes of an upload. */
export const headStart = 300

/** Milliseconds to wait while the connection is measured to choose part sizes. */
export const measuring = 2_500

/**
 * Milliseconds after which an unknown speed means that nothing is sent. Before that it means nothing, because the
 * speed is first known after a second and a half.
 */
const firstWord = 2_000

/**
 * A copy made at this share of the sending speed is complete when five sixths have been sent. Slower copies are not
 * worthwhile: an incomplete copy is useless, and copying a byte costs about as much as sending it.
 */
const leastShare = 0.2

/** Seconds. An upload that ends within this time gains too little from a copy to be slowed down by one. */
const soon = 15

/** Seconds. An upload that ends within this time ends before much of it is copied. */
const verySoon = 5

/** If sending uses more than this share of the possible copying speed, copying slows down sending. */
const fastShare = 0.2

/**
 * Whether an upload is so near its end that starting a copy is not worthwhile. False for a stalled upload.
 *
 * @param carried bytes per second that have arrived; sent bytes may still be in a buffer
 */
export function isEnding(
  { secondsLeft, total, loaded }: Pick<UploadProgress, 'secondsLeft' | 'total' | 'loaded'>,
  carried: number,
): boolean {
  return secondsLeft !== null && secondsLeft <= verySoon && total - loaded <= carried * verySoon
}

/**
 * How long to rest after copying. Idle capacity is taken to be the measured copying speed minus twice the sending
 * speed; copying uses that at most, and at most half of one thread.
 *
 * @param bytes that were copied
 * @param took duration of the copying in milliseconds; longer on a busy machine
 * @param progress of sending: bytes per second and seconds left; `null` while unknown
 * @param since milliseconds since copying began
 * @returns milliseconds; `null` while copying is not worthwhile: sending is so fast that the copy would be complete
 * only near the end, or will soon end
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
