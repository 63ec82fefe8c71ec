import { createListWindow, type RequestFrame } from '@carryon/view'
import { computed, onScopeDispose, watch, type ComputedRef, type Ref } from 'vue'
import { useStore } from './use-store.js'

export interface ListWindow<T> {
  /** The rows to draw. */
  readonly shown: ComputedRef<readonly T[]>
  /** Number of rows that are not rendered. */
  readonly hidden: ComputedRef<number>
  /** Number of rows that {@link ListWindow.more} would add. */
  readonly nextStep: ComputedRef<number>
  readonly more: () => void
}

/**
 * Renders the first rows of a long list, and more on request; a few per frame.
 *
 * @param isFlowing whether rows are added so fast that the list counts as long even while it is short
 */
export function useWindow<T>(
  items: Readonly<Ref<readonly T[]>>,
  isFlowing: () => boolean = () => false,
  requestFrame?: RequestFrame,
): ListWindow<T> {
  const list = createListWindow<T>(requestFrame)
  watch([items, isFlowing], () => list.show(items.value, isFlowing()), { immediate: true })
  onScopeDispose(list.stop)
  const snapshot = useStore(list)
  return {
    shown: computed(() => snapshot.value.shown),
    hidden: computed(() => snapshot.value.hidden),
    nextStep: computed(() => snapshot.value.nextStep),
    more: list.more,
  }
}
