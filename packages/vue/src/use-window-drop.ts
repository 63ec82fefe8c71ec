import { takeDrops, type BroughtFiles } from '@carryon/view'
import { onMounted, onScopeDispose, ref, type Ref } from 'vue'

/**
 * Takes files dropped anywhere on the page; of several components one takes a drop, the one in whose bounds it is.
 *
 * @param element the component's bounds
 * @returns whether files are being dragged over the page that this component would take
 */
export function useWindowDrop(
  element: () => Element | null,
  dropped: (dropped: BroughtFiles) => void,
): Readonly<Ref<boolean>> {
  const isDragging = ref(false)
  let stop = (): void => undefined
  onMounted(() => {
    stop = takeDrops(element, { dragging: (now) => (isDragging.value = now), dropped })
  })
  onScopeDispose(() => stop())
  return isDragging
}
