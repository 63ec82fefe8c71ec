import { takeDrops, type BroughtFiles } from '@carryon/view'
import { onMounted, onScopeDispose, ref, type Ref } from 'vue'

/** State of a drag or drop onto the page. */
export interface WindowDrop {
  /** Whether files that this component would accept are being dragged over the page. */
  readonly dragging: Readonly<Ref<boolean>>
  /** Number of files found so far in dropped folders that are being read; `null` when none is being read. */
  readonly reading: Ref<number | null>
}

/**
 * Accepts files dropped or pasted anywhere on the page. With several components on one page, the innermost one whose
 * bounds contain the drop accepts them, otherwise the first one.
 *
 * @param element the component's bounds
 */
export function useWindowDrop(
  element: () => Element | null,
  dropped: (dropped: BroughtFiles) => void,
): WindowDrop {
  const dragging = ref(false)
  const reading = ref<number | null>(null)
  let stop = (): void => undefined
  onMounted(() => {
    stop = takeDrops(element, {
      dragging: (now) => (dragging.value = now),
      reading: (count) => (reading.value = count),
      dropped: (brought) => {
        reading.value = null
        dropped(brought)
      },
    })
  })
  onScopeDispose(() => stop())
  return { dragging, reading }
}
