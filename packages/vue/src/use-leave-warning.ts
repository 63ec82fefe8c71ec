import { warnBeforeLeaving } from '@carryon/view'
import type { Ref } from 'vue'
import { whileActive } from './while-active.js'

/**
 * Asks for confirmation before the page is left, only while `active`. The browser shows its own text, and only after the
 * user has interacted with the page; iOS never asks.
 *
 * https://html.spec.whatwg.org/multipage/browsing-the-web.html#prompt-to-unload-a-document
 */
export function useLeaveWarning(active: Readonly<Ref<boolean>>, target?: EventTarget): void {
  whileActive(active, () => warnBeforeLeaving(target))
}
