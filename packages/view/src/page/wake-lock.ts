/** The used part of the browser's `WakeLockSentinel`. */
export interface WakeLock {
  /** Whether the lock was released, by the browser or by this page. */
  readonly released: boolean
  /** Releases the lock, so that the screen may sleep again. */
  release(): Promise<void>
}

/** Chromium since 84, Safari since 16.4, Firefox since 126; only on secure pages. */
export interface WakeLocks {
  /** Rejects if the browser refuses, for example with a low battery. */
  request(type: 'screen'): Promise<WakeLock>
}

/**
 * Keeps the screen on until it is stopped, because a sleeping phone sends nothing. The browser releases the lock whenever the
 * page is hidden, so it is requested again when the page becomes visible.
 *
 * https://www.w3.org/TR/screen-wake-lock/
 *
 * @returns a function that stops this
 */
export function keepAwake(
  page:
    | Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>
    | undefined = typeof document === 'undefined' ? undefined : document,
  locks: WakeLocks | undefined = (globalThis.navigator as { wakeLock?: WakeLocks } | undefined)?.wakeLock,
): () => void {
  if (page === undefined || locks === undefined) return () => undefined
  let held: WakeLock | null = null
  let asking = false
  let isStopped = false

  async function follow(): Promise<void> {
    if (asking) return
    asking = true
    try {
      const wanted = (): boolean => !isStopped && page?.visibilityState === 'visible'
      if (wanted() && (held === null || held.released)) held = (await locks?.request('screen')) ?? null
      // It may have been stopped meanwhile.
      if (!wanted() && held !== null) await held.release()
    } catch {
      // Refused, for example with a low battery: the phone may sleep, and the upload resumes when it wakes.
    } finally {
      asking = false
    }
  }

  const changed = (): void => void follow()
  changed()
  page.addEventListener('visibilitychange', changed)
  return () => {
    isStopped = true
    page.removeEventListener('visibilitychange', changed)
    changed()
  }
}
