/**
 * Calls `listener` when the browser thinks that it is online again. Only a hint, both ways: browsers call a machine
 * online that has no way out, and offline one that has. Returns the way to stop.
 */
export function onOnlineHint(listener: () => void): () => void {
  // Node has no such event.
  const target: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> = globalThis
  target.addEventListener?.('online', listener)
  return () => target.removeEventListener?.('online', listener)
}
