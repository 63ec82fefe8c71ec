/** Calls back once, soon; tests draw frames by another one. */
export type RequestFrame = (callback: () => void) => void

/**
 * The next animation frame, or a quarter of a second later where none comes: a hidden tab draws no frames. Its timers are
 * late as well, by a second and after five minutes by up to a minute, so nothing that must be in time may wait for this.
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
 * @returns the way to report a change
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
