/** Milliseconds of one slice. With the page's other work in the same task, it stays well below the 50 ms of a long task. */
const sliceLength = 8

/**
 * Processes many items without freezing the page: in slices of a few milliseconds, each in its own task, so that rendering
 * and input are handled in between.
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
