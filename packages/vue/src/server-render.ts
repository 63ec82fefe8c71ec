import { hasInjectionContext, inject, ssrContextKey } from 'vue'

/**
 * Whether this component is being rendered on a server. There is no page to listen to there, and components are never
 * unmounted, so nothing may be started that has to be stopped.
 */
export function isServerRender(): boolean {
  return hasInjectionContext() && inject<unknown>(ssrContextKey, null) !== null
}
