/**
 * Tells when the browser puts this page aside to show it again as it was (back/forward cache), and when it does. What a
 * page holds meanwhile, as a lock, nobody else gets; its requests are cut off.
 *
 * https://html.spec.whatwg.org/multipage/browsing-the-web.html#the-pagetransitionevent-interface
 *
 * @returns the way to stop
 */
export function onPageLife(aside: () => void, back: () => void): () => void {
  // Node has no such events.
  const target: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> = globalThis
  const hidden = (event: Event): void => {
    if (isPersisted(event)) aside()
  }
  const shown = (event: Event): void => {
    if (isPersisted(event)) back()
  }
  target.addEventListener?.('pagehide', hidden)
  target.addEventListener?.('pageshow', shown)
  return () => {
    target.removeEventListener?.('pagehide', hidden)
    target.removeEventListener?.('pageshow', shown)
  }
}

function isPersisted(event: Event): boolean {
  return Reflect.get(event, 'persisted') === true
}
