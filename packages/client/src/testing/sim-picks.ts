import { joined } from '../extensions/queue/indexeddb-picks.js'
import type { FileKey, PickMarks, PickStore, StoredPick } from '../extensions/queue/pick-store.js'
import { SimFile, readSlices } from './sim-file.js'

/** A browser's memory of picks: it outlives pages, and can be made to fail. */
export class SimPicks implements PickStore {
  readonly picks = new Map<string, StoredPick>()
  readonly marks = new Map<string, PickMarks>()
  /** Copies by pick and index. */
  readonly copies = new Map<string, { readonly key: FileKey; readonly bytes: Uint8Array }>()
  /** Bytes. */
  left = 1_000_000
  /** Whether nothing can be remembered, as in some private windows. */
  refused = false
  /** Whether nothing is ever answered, as by a database that another page has locked. */
  mute = false
  /** How many transactions wrote picks. */
  writes = 0

  async write({ added, marks, removed }: Parameters<PickStore['write']>[0]): Promise<void> {
    await this.#check()
    if (added.length > 0) this.writes += 1
    for (const pick of added) this.picks.set(pick.id, pick)
    for (const [id, now] of marks) {
      if (this.picks.has(id)) this.marks.set(id, joined(this.marks.get(id) ?? {}, now))
    }
    for (const id of removed) {
      this.picks.delete(id)
      this.marks.delete(id)
    }
  }

  async all(): ReturnType<PickStore['all']> {
    await this.#check()
    return [...this.picks.values()].map((pick) => ({ pick, marks: this.marks.get(pick.id) ?? {} }))
  }

  async keepCopies(copies: Parameters<PickStore['keepCopies']>[0]): Promise<void> {
    await this.#check()
    const read = copies.map(({ key, file }) => ({ key, bytes: readSlices([file.slice(0, file.size)]) }))
    const bytes = read.reduce((sum, copy) => sum + copy.bytes.length, 0)
    if (bytes > this.left) throw new DOMException('No room.', 'QuotaExceededError')
    this.left -= bytes
    for (const copy of read) this.copies.set(nameOf(copy.key), copy)
  }

  async copied(): Promise<readonly FileKey[]> {
    await this.#check()
    return [...this.copies.values()].map(({ key }) => key)
  }

  async copyOf(key: FileKey, { name }: { readonly name: string }): Promise<SimFile | null> {
    await this.#check()
    const copy = this.copies.get(nameOf(key))
    return copy === undefined ? null : new SimFile(copy.bytes, name, true)
  }

  async dropCopies(keys: readonly FileKey[]): Promise<void> {
    for (const key of keys) {
      this.left += this.copies.get(nameOf(key))?.bytes.length ?? 0
      this.copies.delete(nameOf(key))
    }
  }

  async freeSpace(): Promise<number> {
    return this.left
  }

  async #check(): Promise<void> {
    if (this.mute) await new Promise(() => undefined)
    if (this.refused) throw new DOMException('Not here.', 'InvalidStateError')
  }
}

function nameOf({ pick, index }: FileKey): string {
  return `${pick}#${index}`
}
