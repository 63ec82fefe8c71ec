import type { UploadProgress } from '../upload-types.js'

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

/** Seconds. An upload that is over by then gains so little from a copy that it is not to be held up by one. */
const soon = 15

/** Beside a line that takes more than this share of what could be copied, copying takes from the sending. */
const fastShare = 0.2

/**
 * How long to rest after copying a part. What the machine could copy, less twice what is being sent, is taken to be
 * idle; of it copying takes one thread's half at most, and never less than {@link leastShare}. No more than that when the
 * upload will be over {@link soon} on a fast line.
 *
 * @param bytes that were copied
 * @param took milliseconds that it took, longer where the machine is busy
 * @param progress of the sending: bytes per second and seconds; `null` while unknown
 * @param since milliseconds since copying began
 * @returns milliseconds
 */
export function restAfter(
  bytes: number,
  took: number,
  { speed, secondsLeft }: Pick<UploadProgress, 'speed' | 'secondsLeft'>,
  since: number,
): number {
  if (speed === null) return since < firstWord ? took * 9 : took
  const perSecond = (bytes * 1000) / Math.max(took, 1)
  const isSoonOver = secondsLeft !== null && secondsLeft <= soon && speed > perSecond * fastShare
  const pace = Math.max(speed * leastShare, isSoonOver ? 0 : perSecond - 2 * speed)
  return Math.max(took, (bytes * 1000) / pace - took)
}
