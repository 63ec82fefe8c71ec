import { createVirtualRows, type RequestFrame, type VirtualRowsSnapshot } from '@carryon/view'
import { onMounted, onScopeDispose, watch, type ComponentPublicInstance, type Ref } from 'vue'
import { useStore } from './use-store.js'

export interface UseVirtualRowsReturn<T> {
  readonly drawn: Readonly<Ref<VirtualRowsSnapshot<T>>>
  /** The `ref` of each row, an element or a component of one. */
  readonly measure: (row: Element | ComponentPublicInstance | null) => void
}

/**
 * All rows of a short list, those in sight of a long one.
 *
 * @param scroller what scrolls when the list is long
 */
export function useVirtualRows<T extends { readonly key: number }>(
  items: Readonly<Ref<readonly T[]>>,
  scroller: Readonly<Ref<Element | null>>,
  requestFrame?: RequestFrame,
): UseVirtualRowsReturn<T> {
  const list = createVirtualRows<T>(requestFrame)
  watch(items, () => list.show(items.value), { immediate: true })
  onMounted(() => list.attach(scroller.value))
  onScopeDispose(list.stop)
  return {
    drawn: useStore(list),
    measure: (row) => {
      const element: unknown = row !== null && '$el' in row ? row.$el : row
      if (element instanceof Element) list.measure(element)
    },
  }
}
