/**
 * Asks for confirmation before the page is left, until it is stopped. Browsers show their own text, and only after the user
 * has interacted with the page; iOS never asks. Stop it when there is nothing to lose, because a permanent listener keeps
 * the page out of the back/forward cache.
 *
 * https://html.spec.whatwg.org/multipage/browsing-the-web.html#prompt-to-unload-a-document
 *
 * @returns a function that stops this
 */
export function warnBeforeLeaving(
  target: EventTarget | undefined = typeof window === 'undefined' ? undefined : window,
): () => void {
  const ask = (event: Event): void => {
    event.preventDefault()
    // Browsers before 2024 require a value; https://developer.mozilla.org/docs/Web/API/BeforeUnloadEvent/returnValue
    Reflect.set(event, 'returnValue', true)
  }
  target?.addEventListener('beforeunload', ask)
  return () => target?.removeEventListener('beforeunload', ask)
}
