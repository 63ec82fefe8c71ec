import { enterZone, takerOf, type DropZone } from './drop-zones.js'
import { droppedFiles } from './dropped-files.js'
import type { BroughtFiles } from './left-out.js'

/** Callbacks of a component that accepts drops. */
export interface DropListener {
  /** Whether files that this component would accept are being dragged over the page. */
  readonly dragging: (isDragging: boolean) => void
  /** Number of files found so far in dropped folders. */
  readonly reading?: (count: number) => void
  /** Files that were dropped or pasted, including those inside folders. */
  readonly dropped: (brought: BroughtFiles) => void
}

/**
 * Accepts files dropped or pasted anywhere on the page: after a drop outside the zone, the browser would otherwise open the
 * file in place of the page and end all uploads. Events on which the application calls `preventDefault` are left to it. Of
 * several components, the one that contains the drop accepts it.
 *
 * @param element the component's element; `null` while it is not rendered
 * @returns a function that stops this
 */
export function takeDrops(element: () => Element | null, listener: DropListener): () => void {
  const listeners = new AbortController()
  const { signal } = listeners
  const zone: DropZone = { element }

  const isMine = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes('Files') === true && takerOf(event) === zone

  let isDragging = false
  const drag = (now: boolean): void => {
    if (now !== isDragging) listener.dragging(now)
    isDragging = now
  }
  const over = (event: DragEvent) => {
    drag(isMine(event))
    if (!isDragging) return
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
  }
  const leave = (event: DragEvent) => {
    // When the pointer moves to another element of the page, the event names it; when it leaves the page, it does not.
    if (event.relatedTarget === null) drag(false)
  }
  const drop = (event: DragEvent) => {
    drag(false)
    if (!isMine(event) || !event.dataTransfer) return
    event.preventDefault()
    take(event.dataTransfer)
  }
  const take = (transfer: DataTransfer): void => {
    void droppedFiles(transfer, listener.reading).then(listener.dropped)
  }
  const paste = (event: ClipboardEvent) => {
    // Pasted text goes to the focused field.
    if (!event.clipboardData?.types.includes('Files') || takerOf(event) !== zone) return
    event.preventDefault()
    take(event.clipboardData)
  }
  signal.addEventListener('abort', enterZone(zone))
  window.addEventListener('dragenter', over, { signal })
  window.addEventListener('dragover', over, { signal })
  window.addEventListener('dragleave', leave, { signal })
  window.addEventListener('drop', drop, { signal })
  window.addEventListener('paste', paste, { signal })
  return () => listeners.abort()
}
