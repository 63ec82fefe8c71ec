import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core'
import { ValueStore, type Store } from '../store.js'
import { requestBrowserFrame, type RequestFrame } from './frame-batch.js'
import { createListWindow } from './list-window.js'

/** A row that is drawn. */
export interface VirtualRow<T> {
  /** What the list has at its place. */
  readonly item: T
  /** Place in the list, from 0. */
  readonly index: number
  /** Pixels of the rows that are left out between the one drawn before it and this one. */
  readonly gap: number
}

/** What is drawn of a list. */
export interface VirtualRowsSnapshot<T> {
  /** In the order of the list. */
  readonly rows: readonly VirtualRow<T>[]
  /** Rows of the whole list. */
  readonly count: number
  /** Pixels of the rows that are left out behind the last one drawn. */
  readonly rest: number
  /** Whether the list scrolls within a box of its own, and only the rows in sight are drawn. */
  readonly isLong: boolean
}

/** The rows of a list that may have thousands: all of a short one, those in sight of a long one. */
export interface VirtualRows<T> extends Store<VirtualRowsSnapshot<T>> {
  /** The list as it is now. */
  readonly show: (items: readonly T[]) => void
  /** The element that scrolls; `null`: it is gone. Each row in it has its `index` as `data-index`. */
  readonly attach: (scroller: Element | null) => void
  /** The element of a row: it is measured, now and whenever its height changes. */
  readonly measure: (row: Element) => void
  /** Draws nothing more by itself until the next `show`. */
  readonly stop: () => void
}

/** What a list can hold. */
export interface VirtualItem {
  /** Unique in its list. */
  readonly key: number
}

/** Rows of a list that is drawn whole: so many are found, printed and read out as any text is. */
const wholeList = 100
/** Rows drawn before and behind those in sight. */
const around = 2
/** Pixels of a row until the first one is measured. */
const usualHeight = 105
/** Pixels of the box until it is measured. */
const usualBox = { width: 800, height: 600 }

/** Draws of a long list what is in sight, and the row that has the focus wherever it is; a few more rows per frame. */
export function createVirtualRows<T extends VirtualItem>(
  requestFrame: RequestFrame = requestBrowserFrame,
): VirtualRows<T> {
  const store = new ValueStore<VirtualRowsSnapshot<T>>({ rows: [], count: 0, rest: 0, isLong: false })
  const drawn = createListWindow<T>(requestFrame)
  drawn.subscribe(publish)
  let items: readonly T[] = []
  let scroller: Element | null = null
  let detach = (): void => undefined
  let height = usualHeight
  /** Its row has the focus. */
  let focused: T | null = null

  const virtualizer = new Virtualizer<Element, Element>(optionsOf([]))
  // Where the browser itself keeps what is read in its place, it does so for rows that come and go as well.
  if (typeof CSS !== 'undefined' && CSS.supports('overflow-anchor', 'auto'))
    virtualizer.shouldAdjustScrollPositionOnItemSizeChange = () => false

  function optionsOf(now: readonly T[]): Virtualizer<Element, Element>['options'] {
    const options: ConstructorParameters<typeof Virtualizer<Element, Element>>[0] = {
      count: now.length,
      getScrollElement: () => scroller,
      estimateSize: () => height,
      getItemKey: (index) => now[index]?.key ?? index,
      overscan: around,
      initialRect: usualBox,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
        const from = Math.max(0, startIndex - overscan)
        const to = Math.min(count - 1, endIndex + overscan)
        const inSight = Array.from({ length: to - from + 1 }, (_, place) => from + place)
        const kept = focused === null ? -1 : now.indexOf(focused)
        if (kept < 0 || (kept >= from && kept <= to)) return inSight
        return kept < from ? [kept, ...inSight] : [...inSight, kept]
      },
      onChange: draw,
    }
    return options as Virtualizer<Element, Element>['options']
  }

  const isLong = (): boolean => items.length > wholeList

  function draw(): void {
    if (!isLong()) drawn.show(items)
    else drawn.show(virtualizer.getVirtualItems().flatMap(({ index }) => items[index] ?? []))
    publish()
  }

  function publish(): void {
    const { shown } = drawn.snapshot
    if (!isLong()) {
      const rows = shown.map((item, index) => ({ item, index, gap: 0 }))
      store.set({ rows, count: items.length, rest: 0, isLong: false })
      return
    }
    const places = new Map(virtualizer.getVirtualItems().map((place) => [items[place.index], place]))
    let end = 0
    const rows = shown.flatMap((item) => {
      const place = places.get(item)
      if (place === undefined) return []
      const gap = place.start - end
      end = place.end
      return [{ item, index: place.index, gap }]
    })
    store.set({ rows, count: items.length, rest: virtualizer.getTotalSize() - end, isLong: true })
  }

  function focusMoved(event: Event): void {
    const { target } = event
    const row = target instanceof Element ? target.closest('[data-index]') : null
    const index = Number(row?.getAttribute('data-index') ?? -1)
    focused = event.type === 'focusin' ? (items[index] ?? null) : null
  }

  return {
    get snapshot() {
      return store.snapshot
    },
    subscribe: store.subscribe,
    show: (now) => {
      items = now
      virtualizer.setOptions(optionsOf(isLong() ? now : []))
      virtualizer._willUpdate()
      draw()
    },
    attach: (element) => {
      detach()
      scroller = element
      if (element === null) return
      for (const type of ['focusin', 'focusout']) element.addEventListener(type, focusMoved)
      const unmount = virtualizer._didMount()
      virtualizer._willUpdate()
      detach = () => {
        for (const type of ['focusin', 'focusout']) element.removeEventListener(type, focusMoved)
        unmount()
        detach = () => undefined
      }
    },
    measure: (row) => {
      if (height === usualHeight && row instanceof HTMLElement && row.offsetHeight > 0)
        height = row.offsetHeight
      if (isLong()) virtualizer.measureElement(row)
    },
    stop: () => {
      drawn.stop()
      detach()
    },
  }
}
