/** Partial, because Node has no such events. */
const target: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> = globalThis

/**
 * Calls `listener` when the browser reports that it is online again. This is only a hint: browsers may report a machine
 * without internet access as online, and one with access as offline. Returns a function that removes the listener.
 */
export function onOnlineHint(listener: () => void): () => void {
  return listen('online', listener)
}

/**
 * Calls `aside` when the browser puts this page into the back/forward cache, and `back` when it restores the page.
 * Meanwhile the page's requests are cut off, and locks that it still holds block other tabs.
 *
 * https://html.spec.whatwg.org/multipage/browsing-the-web.html#the-pagetransitionevent-interface
 *
 * @returns a function that removes the listeners
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
