import { keepFocus } from '@carryon/view'
import { onMounted, onScopeDispose, type Ref } from 'vue'

/** Keeps the keyboard focus near its place when the focused element is removed, moved or temporarily disabled. */
export function useKeptFocus(root: Readonly<Ref<HTMLElement | null>>): void {
  let stop = (): void => undefined
  onMounted(() => {
    if (root.value !== null) stop = keepFocus(root.value)
  })
  onScopeDispose(() => stop())
}
