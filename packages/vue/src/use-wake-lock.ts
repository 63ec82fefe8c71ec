import { onScopeDispose, watch, type Ref } from 'vue'

/** Chromium since 84, Safari since 16.4, Firefox since 126; only on secure pages. */
interface WakeLocks {
  request(type: 'screen'): Promise<{ readonly released: boolean; release(): Promise<void> }>
}

/**
 * Keeps the screen, and with it a phone, awake while `active`: a phone that sleeps sends nothing. The browser lets go
 * of it whenever the page is hidden, so it is asked for again when the page is back.
 *
 * https://www.w3.org/TR/screen-wake-lock/
 */
export function useWakeLock(
  active: Readonly<Ref<boolean>>,
  page:
    | Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>
    | undefined = typeof document === 'undefined' ? undefined : document,
  locks: WakeLocks | undefined = (globalThis.navigator as { wakeLock?: WakeLocks } | undefined)?.wakeLock,
): void {
  if (page === undefined || locks === undefined) return
  let held: Awaited<ReturnType<WakeLocks['request']>> | null = null
  let asking = false

  async function follow(): Promise<void> {
    if (asking) return
    asking = true
    try {
      const wanted = (): boolean => active.value && page?.visibilityState === 'visible'
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
  watch(active, changed, { immediate: true })
  page.addEventListener('visibilitychange', changed)
  onScopeDispose(() => {
    page.removeEventListener('visibilitychange', changed)
    held?.release().catch(() => undefined)
  })
}
