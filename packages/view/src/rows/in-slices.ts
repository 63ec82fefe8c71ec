/** Milliseconds of one slice: with what else the page does in a task it stays well under the 50 ms of a long one. */
const sliceLength = 8

/**
 * Handles many items without freezing the page: a few milliseconds' worth at a time, each in a task of its own, so
 * that drawing and the user come in between.
 *
 * @param handle called for each item in order; the first before this returns
 */
export async function inSlices<T>(
  items: Iterable<T>,
  handle: (item: T) => void,
  now: () => number = () => performance.now(),
): Promise<void> {
  let began = now()
  for (const item of items) {
    handle(item)
    if (now() - began < sliceLength) continue
    await nextTask()
    began = now()
  }
}

/** Uses a message, because timers wait longer (a second in a hidden tab) and a frame would have to include this work. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
