import { readdir } from 'node:fs/promises'
import { systemErrorCode } from '../errors.js'
import { eachLimited } from './each-limited.js'
import type { IndexedFolder } from './indexed-folder.js'
import { SortedList, type Order } from './sorted-list.js'

/** Number of folders that are read at the same time. */
const foldersAtOnce = 4

/** Entries of several folders in one sorted list, for listings. Read when first needed, then kept up to date. */
export class SortedIndex<Entry> {
  readonly #parent: string
  readonly #folders: ReadonlyMap<string, IndexedFolder<Entry>>
  readonly #list: SortedList<Entry>
  readonly #changed: () => void
  #built = false
  #loading: Promise<void> | undefined

  /**
   * @param parent the parent of the folders.
   * @param folders by name.
   * @param changed called when there is something to save.
   */
  constructor(
    parent: string,
    folders: ReadonlyMap<string, IndexedFolder<Entry>>,
    order: Order<Entry>,
    changed: () => void,
  ) {
    this.#parent = parent
    this.#folders = folders
    this.#list = new SortedList(order)
    this.#changed = changed
  }

  /** Sorted entries. Arrays returned earlier do not change. After a failure the next call tries again. */
  async entries(): Promise<readonly Entry[]> {
    while (!this.#built || !this.#complete) {
      this.#loading ??= this.#load().finally(() => (this.#loading = undefined))
      await this.#loading
    }
    return this.#list.items
  }

  /** Entry of one file. Call {@link entries} first. */
  get(folder: string, name: string): Entry | undefined {
    return this.#folder(folder).entries?.get(name)
  }

  /** Runs a change of one file; see {@link IndexedFolder.change}. */
  async change(folder: string, name: string, action: () => Promise<Entry | null>): Promise<void> {
    try {
      await this.#folder(folder).change(name, action, (before, after) => {
        if (before !== undefined) this.#list.delete(before)
        if (after !== null) this.#list.set(after)
      })
    } finally {
      this.#changed()
    }
  }

  #folder(name: string): IndexedFolder<Entry> {
    const folder = this.#folders.get(name)
    if (folder === undefined) throw new Error(`There is no index of a folder ${name}.`)
    return folder
  }

  get #complete(): boolean {
    return [...this.#folders.values()].every((folder) => folder.entries !== undefined)
  }

  async #load(): Promise<void> {
    const existing = await namesIn(this.#parent)
    await eachLimited(this.#folders, foldersAtOnce, async ([name, folder]) => folder.load(existing.has(name)))
    this.#list.reset([...this.#folders.values()].flatMap((folder) => [...(folder.entries?.values() ?? [])]))
    this.#built = true
    this.#changed()
  }
}

async function namesIn(path: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(path))
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return new Set()
    throw error
  }
}
