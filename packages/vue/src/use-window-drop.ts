import { takeDrops, type BroughtFiles } from '@carryon/view'
import { onMounted, onScopeDispose, ref, type Ref } from 'vue'

/** How far files are on their way onto the page. */
export interface WindowDrop {
  /** Whether files are being dragged over the page that this component would take. */
  readonly dragging: Readonly<Ref<boolean>>
  /** How many files were found so far in folders that are being read; `null` while none is. */
  readonly reading: Ref<number | null>
}

/**
 * Takes files dropped or pasted anywhere on the page; of several components one takes them, the one in whose bounds it is.
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
