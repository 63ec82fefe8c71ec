import { createVirtualRows, type RequestFrame, type VirtualRowsSnapshot } from '@carryon/view'
import { onMounted, onScopeDispose, watch, type ComponentPublicInstance, type Ref } from 'vue'
import { useStore } from './use-store.js'

export interface UseVirtualRowsReturn<T> {
  readonly drawn: Readonly<Ref<VirtualRowsSnapshot<T>>>
  /** Function `ref` for each row, which is an element or a component with one root element. */
  readonly measure: (row: Element | ComponentPublicInstance | null) => void
}

/**
 * The rows to render: all rows of a short list, only the visible ones of a long list.
 *
 * @param scroller the element that scrolls when the list is long
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
