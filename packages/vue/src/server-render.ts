import { hasInjectionContext, inject, ssrContextKey } from 'vue'

/**
 * Whether this component is being rendered on a server: then there is no page to listen to, and nothing is ever
 * unmounted, so nothing may be begun that has to be ended.
 */
export function isServerRender(): boolean {
  return hasInjectionContext() && inject<unknown>(ssrContextKey, null) !== null
}
