/** Calls back once, soon. Tests replace it to control frames. */
export type RequestFrame = (callback: () => void) => void

/**
 * Calls back at the next animation frame, or after a quarter of a second if there is none: a hidden tab draws no frames.
 * Timers of a hidden tab are late too, by a second and after five minutes by up to a minute, so nothing urgent may wait for
 * this.
 *
 * https://developer.chrome.com/blog/timer-throttling-in-chrome-88
 */
export const requestBrowserFrame: RequestFrame = (callback) => {
  let called = false
  const once = () => {
    if (called) return
    called = true
    clearTimeout(timer)
    callback()
  }
  const timer = setTimeout(once, 250)
  if (typeof requestAnimationFrame === 'function') requestAnimationFrame(once)
}

/**
 * Gathers what changed until the next frame, so that ten thousand uploads cause one update and not ten thousand.
 *
 * @returns a function that reports a change
 */
export function createFrameBatch<T>(
  apply: (changed: ReadonlySet<T>) => void,
  requestFrame: RequestFrame,
): (item: T) => void {
  let changed = new Set<T>()
  return (item) => {
    if (changed.size === 0) {
      requestFrame(() => {
        const batch = changed
        changed = new Set()
        apply(batch)
      })
    }
    changed.add(item)
  }
}
