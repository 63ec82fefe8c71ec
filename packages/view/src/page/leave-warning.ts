/**
 * Asks before the page is left, until it is stopped. A browser shows its own words, and only to somebody who has used the
 * page; iOS never asks. Stop it when there is nothing to lose: a listener that is always there would keep the page out of
 * the back/forward cache.
 *
 * https://html.spec.whatwg.org/multipage/browsing-the-web.html#prompt-to-unload-a-document
 *
 * @returns the way to stop
 */
export function warnBeforeLeaving(
  target: EventTarget | undefined = typeof window === 'undefined' ? undefined : window,
): () => void {
  const ask = (event: Event): void => {
    event.preventDefault()
    // Browsers before 2024 want a value; https://developer.mozilla.org/docs/Web/API/BeforeUnloadEvent/returnValue
    Reflect.set(event, 'returnValue', true)
  }
  target?.addEventListener('beforeunload', ask)
  return () => target?.removeEventListener('beforeunload', ask)
}
