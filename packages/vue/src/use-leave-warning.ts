import { onScopeDispose, watch, type Ref } from 'vue'

/**
 * Asks before the page is left, only while `active`. A browser shows its own words, and only to somebody who has
 * used the page; iOS never asks.
 *
 * https://html.spec.whatwg.org/multipage/browsing-the-web.html#prompt-to-unload-a-document
 */
export function useLeaveWarning(
  active: Readonly<Ref<boolean>>,
  target: EventTarget | undefined = typeof window === 'undefined' ? undefined : window,
): void {
  if (target === undefined) return
  const ask = (event: Event): void => {
    event.preventDefault()
    // Browsers before 2024 want a value; https://developer.mozilla.org/docs/Web/API/BeforeUnloadEvent/returnValue
    Reflect.set(event, 'returnValue', true)
  }
  const remove = (): void => target.removeEventListener('beforeunload', ask)
  watch(
    active,
    (now) => {
      // A listener that is always there would keep the page out of the back/forward cache.
      if (now) target.addEventListener('beforeunload', ask)
      else remove()
    },
    { immediate: true },
  )
  onScopeDispose(remove)
}
