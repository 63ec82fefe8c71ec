import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core'
import { ValueStore, type Store } from '../store.js'
import { requestBrowserFrame, type RequestFrame } from './frame-batch.js'
import { createListWindow } from './list-window.js'

/** A row that is drawn. */
export interface VirtualRow<T> {
  /** The list's item. */
  readonly item: T
  /** Index in the list, from 0. */
  readonly index: number
  /** Height in pixels of the rows left out between the previously drawn row and this one. */
  readonly gap: number
}

/** The drawn part of a list. */
export interface VirtualRowsSnapshot<T> {
  /** In the order of the list. */
  readonly rows: readonly VirtualRow<T>[]
  /** Number of rows of the whole list. */
  readonly count: number
  /** Height in pixels of the rows left out after the last drawn row. */
  readonly rest: number
  /** Whether the list scrolls in its own box and only visible rows are drawn. */
  readonly isLong: boolean
}

/** Rows of a list that may have thousands: all rows of a short list, the visible ones of a long list. */
export interface VirtualRows<T> extends Store<VirtualRowsSnapshot<T>> {
  /** Shows the list's current items. */
  readonly show: (items: readonly T[]) => void
  /** Sets the scrolling element, or `null` once it is gone. Each row in it has its `index` as `data-index`. */
  readonly attach: (scroller: Element | null) => void
  /** Measures the element of a row, now and whenever its height changes. */
  readonly measure: (row: Element) => void
  /** Stops drawing until the next `show`. */
  readonly stop: () => void
}

/** An item of a list. */
export interface VirtualItem {
  /** Unique in its list. */
  readonly key: number
}

/** Longest list that is drawn completely, so that it can be searched, printed and read out like any text. */
const wholeList = 100
/** Rows drawn before and after the visible ones. */
const around = 2
/** Assumed row height in pixels until one is measured. */
const usualHeight = 105
/** Assumed height of the box in pixels until it is measured. */
const usualBox = { width: 800, height: 600 }

/** For a long list, draws the visible rows, a few more per frame, and the focused row wherever it is. */
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
  /** The item whose row has the focus. */
  let focused: T | null = null

  const virtualizer = new Virtualizer<Element, Element>(optionsOf([]))
  // A browser with scroll anchoring also handles rows that are added and removed.
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
