import { droppedFiles, enterZone, takerOf, type BroughtFiles, type DropZone } from '@carryon/view'
import { onMounted, onScopeDispose, ref, type Ref } from 'vue'

/**
 * Takes files dropped anywhere on the page: a drop that misses the zone would otherwise make the browser open the
 * file in place of the page, and end every upload on it. What the application handles, which it says by
 * `preventDefault`, is left to it; of several components one takes a drop, the one in whose bounds it is.
 *
 * @param element the component's bounds
 * @returns whether files are being dragged over the page that this component would take
 */
export function useWindowDrop(
  element: () => Element | null,
  onDrop: (dropped: BroughtFiles) => void,
): Readonly<Ref<boolean>> {
  const dragging = ref(false)
  const listeners = new AbortController()
  const { signal } = listeners
  const zone: DropZone = { element }

  const isMine = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes('Files') === true && takerOf(event) === zone

  const over = (event: DragEvent) => {
    dragging.value = isMine(event)
    if (!dragging.value) return
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
  }
  const leave = (event: DragEvent) => {
    // Leaving an element for another one inside the page says where to; leaving the page does not.
    if (event.relatedTarget === null) dragging.value = false
  }
  const drop = (event: DragEvent) => {
    dragging.value = false
    if (!isMine(event) || !event.dataTransfer) return
    event.preventDefault()
    void droppedFiles(event.dataTransfer).then(onDrop)
  }
  onMounted(() => {
    const leaveZones = enterZone(zone)
    signal.addEventListener('abort', leaveZones)
    window.addEventListener('dragenter', over, { signal })
    window.addEventListener('dragover', over, { signal })
    window.addEventListener('dragleave', leave, { signal })
    window.addEventListener('drop', drop, { signal })
  })
  onScopeDispose(() => listeners.abort())
  return dragging
}
