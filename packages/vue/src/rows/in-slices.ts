import type { RequestFrame } from './frame-batch.js'

/** Milliseconds of one slice: with what else a frame holds it stays well under the 50 ms of a long task. */
const sliceLength = 8

/**
 * Handles many items without freezing the page: a few milliseconds' worth per frame.
 *
 * @param handle called for each item in order; the first before this returns
 */
export async function inSlices<T>(
  items: Iterable<T>,
  handle: (item: T) => void,
  requestFrame: RequestFrame,
  now: () => number = () => performance.now(),
): Promise<void> {
  let began = now()
  for (const item of items) {
    handle(item)
    if (now() - began < sliceLength) continue
    await new Promise<void>(requestFrame)
    began = now()
  }
}
