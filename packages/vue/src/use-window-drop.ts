import { onScopeDispose, ref, type Ref } from 'vue'
import { droppedFiles, type DroppedFiles } from './dropped-files.js'

/**
 * Takes files dropped anywhere on the page: a drop that misses the zone would otherwise make the browser open the
 * file in place of the page, and end every upload on it.
 *
 * @returns whether files are being dragged over the page
 */
export function useWindowDrop(onDrop: (dropped: DroppedFiles) => void): Readonly<Ref<boolean>> {
  const dragging = ref(false)
  const listeners = new AbortController()
  const { signal } = listeners

  const over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    dragging.value = true
  }
  const leave = (event: DragEvent) => {
    // Leaving an element for another one inside the page says where to; leaving the page does not.
    if (event.relatedTarget === null) dragging.value = false
  }
  const drop = (event: DragEvent) => {
    dragging.value = false
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    void droppedFiles(event.dataTransfer).then(onDrop)
  }
  window.addEventListener('dragenter', over, { signal })
  window.addEventListener('dragover', over, { signal })
  window.addEventListener('dragleave', leave, { signal })
  window.addEventListener('drop', drop, { signal })
  onScopeDispose(() => listeners.abort())
  return dragging
}
