/**
 * Calls `back` whenever the user returns: from another tab or application, from another page (the browser may have kept this
 * one frozen), or after being offline. Uploads may have continued elsewhere meanwhile.
 *
 * @returns a function that stops this
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
