/** A component that accepts dropped files. */
export interface DropZone {
  /** Its bounds; `null` while it is not drawn. */
  element(): Element | null
}

/** All drop zones of this page, in the order of registration. */
const zones = new Set<DropZone>()

/** @returns a function that unregisters it */
export function enterZone(zone: DropZone): () => void {
  zones.add(zone)
  return () => zones.delete(zone)
}

/**
 * The zone that receives a drop: the innermost zone that contains it, otherwise the first on the page, because the browser
 * would else open the file in place of the page. `null` if the application handles the drop itself.
 */
export function takerOf(event: Pick<Event, 'defaultPrevented' | 'composedPath'>): DropZone | null {
  if (event.defaultPrevented) return null
  const path = event.composedPath()
  const depths = new Map<number, DropZone>()
  for (const zone of zones) {
    const element = zone.element()
    const depth = element === null ? -1 : path.indexOf(element)
    if (depth !== -1) depths.set(depth, zone)
  }
  const [first] = zones
  return depths.get(Math.min(...depths.keys())) ?? first ?? null
}
