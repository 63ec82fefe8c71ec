import { ValueStore, type Store } from '../store.js'
import { requestBrowserFrame, type RequestFrame } from './frame-batch.js'
import { nextRows } from './next-rows.js'

/** Which rows of a list are drawn. */
export interface ListWindowSnapshot<T> {
  /** The rows to draw. */
  readonly shown: readonly T[]
  /** How many are left out. */
  readonly hidden: number
  /** How many {@link ListWindow.more} would add. */
  readonly nextStep: number
}

/** The first rows of a list that may be long, and more when asked. */
export interface ListWindow<T> extends Store<ListWindowSnapshot<T>> {
  /**
   * Shows the list's current items.
   *
   * @param isFlowing whether it moves too fast to be read, even if it is still short
   */
  readonly show: (items: readonly T[], isFlowing?: boolean) => void
  /** Draws more rows. */
  readonly more: () => void
  /** Stops drawing until the next {@link ListWindow.show}. */
  readonly stop: () => void
}

/** Rows drawn at first, and added each time more are requested. */
const step = 100
/** A longer list moves too fast to read while it is uploaded, so fewer of its rows are drawn automatically. */
export const longList = 200
const stepOfLong = 10
/** Rows added and removed per frame: about 5 ms of work, and two lists may do it in the same frame. */
const perFrame = 5

/**
 * Draws the first rows of a long list, and more when asked. They come a few per frame, because a hundred rows at once
 * would hold the page for longer than a long task may take: when the list is first drawn, and when a hundred files
 * have finished since it was.
 */
export function createListWindow<T>(requestFrame: RequestFrame = requestBrowserFrame): ListWindow<T> {
  const store = new ValueStore<ListWindowSnapshot<T>>({ shown: [], hidden: 0, nextStep: 0 })
  let items: readonly T[] = []
  let isLong = false
  let asked = 0
  let isDue = false
  let isStopped = false

  function draw(): void {
    const limit = asked + (isLong ? stepOfLong : step)
    const wanted = items.slice(0, limit)
    // Changes during the wait for a frame are drawn with that frame.
    const shown = nextRows(store.snapshot.shown, items, limit, isDue ? 0 : perFrame)
    const left = items.length - limit
    store.set({ shown, hidden: Math.max(0, left), nextStep: Math.max(0, Math.min(step, left)) })
    if (isDue || isSame(shown, wanted)) return
    isDue = true
    requestFrame(() => {
      isDue = false
      if (!isStopped) draw()
    })
  }

  return {
    get snapshot() {
      return store.snapshot
    },
    subscribe: store.subscribe,
    show: (now, isFlowing = false) => {
      items = now
      isLong = isFlowing || now.length > longList
      isStopped = false
      draw()
    },
    more: () => {
      asked += step
      draw()
    },
    stop: () => {
      isStopped = true
    },
  }
}

function isSame<T>(rows: readonly T[], wanted: readonly T[]): boolean {
  return rows.length === wanted.length && rows.every((row, index) => row === wanted[index])
}
