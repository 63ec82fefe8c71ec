import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '../errors.js'
import type { DurableFiles } from './durable-files.js'
import { eachLimited } from './each-limited.js'
import { settleTime, stampOf } from './file-stamp.js'
import { readIndexFile, writeIndexFile } from './index-file.js'

/** Files of one folder that are read at the same time. */
const readsAtOnce = 8

export interface FolderSource<Entry> {
  /** The folder; it may be missing. */
  readonly path: string
  /** Where its index is kept, outside of it. */
  readonly indexFile: string
  /** Names of the files that it indexes; all others are left alone. */
  readonly names: RegExp
  /** Reads one file; `null` when it is not there (any more). */
  readonly read: (name: string) => Promise<Entry | null>
  readonly files: DurableFiles
  /** Ends reading when the store is closed. */
  readonly closing: AbortSignal
}

interface Loaded<Entry> {
  readonly entries: Map<string, Entry>
  /** Of the files as they were when their entries were read; missing for those changed since. */
  readonly stamps: Map<string, string>
}

/**
 * What the files of one folder hold, in memory, and saved in an index file. The files are the truth: the index file is
 * believed only while the folder has the stamp it had, and of a folder that was changed since, each file that has.
 */
export class IndexedFolder<Entry> {
  /** Files whose entries could not be taken from the index file, so far. */
  filesRead = 0
  readonly #source: FolderSource<Entry>
  #loaded: Loaded<Entry> | undefined
  #loading: Promise<void> | undefined
  /** Made while nothing was loaded; they win over what is read meanwhile. `null`: the file was removed. */
  readonly #changes = new Map<string, Entry | null>()
  /** How often what was loaded was given up, so that reading can tell whether it was meanwhile. */
  #forgotten = 0
  #running = 0
  /** Grows with each change, so that an action that waits can tell whether there was one. */
  #version = 0
  #lastChange = performance.now()
  #saved = true
  /** Whether the names are known to be those on disk. */
  #namesChecked = false

  constructor(source: FolderSource<Entry>) {
    this.#source = source
  }

  /** `undefined`: not loaded, or in doubt since a change failed. */
  get entries(): ReadonlyMap<string, Entry> | undefined {
    return this.#loaded?.entries
  }

  /** Whether something is known that is not in the index file. */
  get unsaved(): boolean {
    return this.#loaded !== undefined && !this.#saved
  }

  /**
   * Reads the folder, or its index file, unless that was done. After a failure the next call tries again.
   *
   * @param exists `false`: the folder was not there at a time when this object was.
   */
  async load(exists = true): Promise<void> {
    if (this.#loaded !== undefined) return
    this.#loading ??= this.#load(exists).finally(() => (this.#loading = undefined))
    await this.#loading
  }

  /**
   * Runs a change of one file, which resolves to what it holds then. Changes of one file must not overlap. When one
   * fails, nobody knows what is on disk, so the folder is read again when it is next needed.
   *
   * @param done told the entry before and the entry after, where these are known.
   */
  async change(
    name: string,
    action: () => Promise<Entry | null>,
    done?: (before: Entry | undefined, after: Entry | null) => void,
  ): Promise<void> {
    this.#running++
    try {
      const entry = await action()
      const before = this.#loaded?.entries.get(name)
      if (this.#loaded === undefined) this.#changes.set(name, entry)
      else apply(this.#loaded, name, entry)
      done?.(before, entry)
    } catch (error) {
      this.#changes.delete(name)
      this.#forget()
      throw error
    } finally {
      this.#running--
      this.#version++
      this.#lastChange = performance.now()
      this.#saved = false
      this.#namesChecked = false
    }
  }

  /** Writes the index file. Does nothing while files are being changed: the saver comes again. */
  async save(): Promise<void> {
    const loaded = this.#loaded
    if (loaded === undefined || this.#saved || this.#running > 0) return
    const { path, indexFile, files } = this.#source
    const version = this.#version
    const stamp = await stampOf(path)
    if (stamp === null || performance.now() - this.#lastChange < settleTime(stamp)) return
    const names = await this.#names()
    const fresh = await this.#stampsOf(names.filter((name) => !loaded.stamps.has(name)))
    if (this.#version !== version || this.#running > 0 || this.#loaded !== loaded) return
    for (const [name, own] of fresh) loaded.stamps.set(name, own)
    if (!this.#namesChecked && !sameNames(names, loaded.entries)) {
      // Somebody put a file there, or took one away.
      this.#forget()
      return
    }
    await writeIndexFile(indexFile, { stamp, files: rowsOf(loaded) }, files)
    if (this.#version === version) this.#saved = true
  }

  async #load(exists: boolean): Promise<void> {
    let loaded: Loaded<Entry>
    let forgotten: number
    do {
      forgotten = this.#forgotten
      loaded = exists ? await this.#read() : { entries: new Map(), stamps: new Map() }
    } while (this.#forgotten !== forgotten)
    for (const [name, entry] of this.#changes) apply(loaded, name, entry)
    this.#changes.clear()
    this.#loaded = loaded
  }

  async #read(): Promise<Loaded<Entry>> {
    const { path, indexFile, read, closing } = this.#source
    const version = this.#version
    const stamp = await stampOf(path)
    const index = await readIndexFile<Entry>(indexFile)
    const loaded: Loaded<Entry> = { entries: new Map(), stamps: new Map() }
    if (index !== null && index.stamp === stamp) {
      for (const [name, own, entry] of index.files) put(loaded, name, own, entry)
      return loaded
    }
    const known = new Map(index?.files.map((row) => [row[0], row]))
    await eachLimited(stamp === null ? [] : await this.#names(), readsAtOnce, async (name) => {
      closing.throwIfAborted()
      const own = await stampOf(join(path, name))
      if (own === null) return
      const row = known.get(name)
      if (row?.[1] === own) {
        put(loaded, name, own, row[2])
        return
      }
      this.filesRead++
      const entry = await read(name)
      if (entry !== null) put(loaded, name, own, entry)
    })
    // Of a folder that is missing there is nothing to save.
    if (stamp !== null) this.#saved = false
    this.#namesChecked = this.#version === version
    return loaded
  }

  #forget(): void {
    this.#loaded = undefined
    this.#forgotten++
  }

  async #names(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#source.path)).filter((name) => this.#source.names.test(name))
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return []
      throw error
    }
  }

  async #stampsOf(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const stamps = new Map<string, string>()
    await eachLimited(names, readsAtOnce, async (name) => {
      const stamp = await stampOf(join(this.#source.path, name))
      if (stamp !== null) stamps.set(name, stamp)
    })
    return stamps
  }
}

function put<Entry>(loaded: Loaded<Entry>, name: string, stamp: string, entry: Entry): void {
  loaded.entries.set(name, entry)
  loaded.stamps.set(name, stamp)
}

function apply<Entry>(loaded: Loaded<Entry>, name: string, entry: Entry | null): void {
  loaded.stamps.delete(name)
  if (entry === null) loaded.entries.delete(name)
  else loaded.entries.set(name, entry)
}

function sameNames(names: readonly string[], entries: ReadonlyMap<string, unknown>): boolean {
  return names.length === entries.size && names.every((name) => entries.has(name))
}

/** Files without a stamp are gone, or no entry of them is known. */
function rowsOf<Entry>({ entries, stamps }: Loaded<Entry>): (readonly [string, string, Entry])[] {
  return [...entries].flatMap(([name, entry]) => {
    const stamp = stamps.get(name)
    return stamp === undefined ? [] : [[name, stamp, entry] as const]
  })
}
