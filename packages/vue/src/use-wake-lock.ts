import { keepAwake } from '@carryon/view'
import type { Ref } from 'vue'
import { whileActive } from './while-active.js'

/** Keeps the screen on while `active`, because a sleeping phone sends nothing. */
export function useWakeLock(active: Readonly<Ref<boolean>>, ...browser: Parameters<typeof keepAwake>): void {
  whileActive(active, () => keepAwake(...browser))
}
