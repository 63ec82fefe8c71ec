/** What of the browser's `WakeLockSentinel` is needed. */
export interface WakeLock {
  /** Whether it holds no longer, by itself or because it was let go. */
  readonly released: boolean
  /** Lets the screen sleep again. */
  release(): Promise<void>
}

/** Chromium since 84, Safari since 16.4, Firefox since 126; only on secure pages. */
export interface WakeLocks {
  /** Rejects where it is refused, as with an empty battery. */
  request(type: 'screen'): Promise<WakeLock>
}

/**
 * Keeps the screen, and with it a phone, awake until it is stopped: a phone that sleeps sends nothing. The browser lets go
 * of it whenever the page is hidden, so it is asked for again when the page is back.
 *
 * https://www.w3.org/TR/screen-wake-lock/
 *
 * @returns the way to stop
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
      // Meanwhile it may have ended.
      if (!wanted() && held !== null) await held.release()
    } catch {
      // Refused, as with an empty battery: then the phone sleeps, and the upload goes on when it wakes.
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
