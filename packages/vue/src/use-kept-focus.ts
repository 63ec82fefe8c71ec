import { keepFocus } from '@carryon/view'
import { onMounted, onScopeDispose, type Ref } from 'vue'

/** Keeps the focus where its reader was when the element that had it is taken out of the page. */
export function useKeptFocus(root: Readonly<Ref<HTMLElement | null>>): void {
  let stop = (): void => undefined
  onMounted(() => {
    if (root.value !== null) stop = keepFocus(root.value)
  })
  onScopeDispose(() => stop())
}
