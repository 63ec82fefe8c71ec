import { enterZone, takerOf, type DropZone } from './drop-zones.js'
import { droppedFiles } from './dropped-files.js'
import type { BroughtFiles } from './left-out.js'

/** What is told to a component that takes drops. */
export interface DropListener {
  /** Whether files are being dragged over the page that this component would take. */
  readonly dragging: (isDragging: boolean) => void
  /** How many files were found so far in folders that were dropped. */
  readonly reading?: (count: number) => void
  /** Files that were dropped or pasted, those inside of folders included. */
  readonly dropped: (brought: BroughtFiles) => void
}

/**
 * Takes files dropped or pasted anywhere on the page: a drop that misses the zone would otherwise make the browser open the
 * file in place of the page, and end every upload on it. What the application handles, which it says by
 * `preventDefault`, is left to it; of several components one takes a drop, the one in whose bounds it is.
 *
 * @param element the component's bounds; `null` while it is not drawn
 * @returns the way to stop
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
    // Leaving an element for another one inside the page says where to; leaving the page does not.
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
    // Text is for the field that has the focus.
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
