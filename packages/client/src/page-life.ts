/** Node has no such events. */
const target: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> = globalThis

/**
 * Calls `listener` when the browser thinks that it is online again. Only a hint, both ways: browsers call a machine
 * online that has no way out, and offline one that has. Returns the way to stop.
 */
export function onOnlineHint(listener: () => void): () => void {
  return listen('online', listener)
}

/**
 * Tells when the browser puts this page aside to show it again as it was (back/forward cache), and when it does. What a
 * page holds meanwhile, as a lock, nobody else gets; its requests are cut off.
 *
 * https://html.spec.whatwg.org/multipage/browsing-the-web.html#the-pagetransitionevent-interface
 *
 * @returns the way to stop
 */
export function onPageLife(aside: () => void, back: () => void): () => void {
  const ifPersisted =
    (then: () => void) =>
    (event: Event): void => {
      if (Reflect.get(event, 'persisted') === true) then()
    }
  const stopHidden = listen('pagehide', ifPersisted(aside))
  const stopShown = listen('pageshow', ifPersisted(back))
  return () => {
    stopHidden()
    stopShown()
  }
}

function listen(type: string, listener: (event: Event) => void): () => void {
  target.addEventListener?.(type, listener)
  return () => target.removeEventListener?.(type, listener)
}
