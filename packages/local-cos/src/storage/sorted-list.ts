import { compareUtf8, isPlain } from './utf8-order.js'

/** So many changes are merged at once though nobody asks, so that they do not pile up. */
const maxChanges = 4096

interface Change<Item> {
  readonly item: Item
  readonly removed: boolean
}

/** What a list is sorted by. */
export interface Order<Item> {
  /** Compared by its UTF-8 bytes. */
  readonly keyOf: (item: Item) => string
  /** For items of one key; without it there is one item for each key. */
  readonly tie?: (a: Item, b: Item) => number
}

/** Items in order. Few changes in a long list cost a copy of its references, not a sort. */
export class SortedList<Item> {
  readonly #order: Order<Item>
  #items: readonly Item[] = []
  #changes: Change<Item>[] = []

  constructor(order: Order<Item>) {
    this.#order = order
  }

  reset(items: readonly Item[]): void {
    this.#items = sorted(items, this.#order)
    this.#changes = []
  }

  /** Adds an item in place of one that compares equal. */
  set(item: Item): void {
    this.#change({ item, removed: false })
  }

  /** Removes the item that compares equal, if there is one. */
  delete(item: Item): void {
    this.#change({ item, removed: true })
  }

  /** What was returned before stays as it was. */
  get items(): readonly Item[] {
    this.#merge()
    return this.#items
  }

  #compare(a: Item, b: Item): number {
    const { keyOf, tie } = this.#order
    return compareUtf8(keyOf(a), keyOf(b)) || (tie?.(a, b) ?? 0)
  }

  #change(change: Change<Item>): void {
    this.#changes.push(change)
    if (this.#changes.length >= maxChanges) this.#merge()
  }

  #merge(): void {
    if (this.#changes.length > 0) this.#items = this.#merged()
    this.#changes = []
  }

  #merged(): readonly Item[] {
    const compare = (a: Item, b: Item): number => this.#compare(a, b)
    // The sort is stable: of two changes of one item the later stands last.
    const changes = this.#changes.sort((a, b) => compare(a.item, b.item))
    const merged: Item[] = []
    let copied = 0
    for (const [index, change] of changes.entries()) {
      const next = changes[index + 1]
      if (next !== undefined && compare(next.item, change.item) === 0) continue
      const at = firstIndex(this.#items, (item) => compare(item, change.item) >= 0)
      for (; copied < at; copied++) merged.push(this.#items[copied] as Item)
      const there = this.#items[at]
      if (there !== undefined && compare(there, change.item) === 0) copied++
      if (!change.removed) merged.push(change.item)
    }
    for (; copied < this.#items.length; copied++) merged.push(this.#items[copied] as Item)
    return merged
  }
}

/** Compares by `<` where that is the order of UTF-8: it takes a fourth of the time, and there may be very many items. */
function sorted<Item>(items: readonly Item[], { keyOf, tie = () => 0 }: Order<Item>): readonly Item[] {
  const keyed = items.map((item) => ({ key: keyOf(item), item }))
  if (keyed.every(({ key }) => isPlain(key))) {
    keyed.sort((a, b) => {
      if (a.key < b.key) return -1
      return a.key === b.key ? tie(a.item, b.item) : 1
    })
  } else {
    keyed.sort((a, b) => compareUtf8(a.key, b.key) || tie(a.item, b.item))
  }
  return keyed.map(({ item }) => item)
}

/**
 * The index of the first item that meets a condition, by bisection; the length when none does.
 *
 * @param condition once met, by one item, is met by all after it.
 */
export function firstIndex<Item>(
  items: readonly Item[],
  condition: (item: Item) => boolean,
  from = 0,
): number {
  let low = from
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (condition(items[middle] as Item)) high = middle
    else low = middle + 1
  }
  return low
}
