/**
 * Calls `back` whenever the reader is back: from another tab or application, from the page before (which the browser
 * may have kept frozen), or from a place without network. Meanwhile uploads may have gone on elsewhere.
 *
 * @returns the way to stop
 */
export function onComingBack(back: () => void): () => void {
  if (typeof window === 'undefined') return () => undefined
  const listeners = new AbortController()
  const { signal } = listeners
  const shown = (): void => {
    if (document.visibilityState === 'visible') back()
  }
  document.addEventListener('visibilitychange', shown, { signal })
  window.addEventListener('pageshow', ({ persisted }) => persisted && back(), { signal })
  window.addEventListener('online', back, { signal })
  return () => listeners.abort()
}
