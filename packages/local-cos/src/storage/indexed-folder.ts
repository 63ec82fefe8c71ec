import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '../errors.js'
import type { DurableFiles } from './durable-files.js'
import { eachLimited } from './each-limited.js'
import { settleTime, stampOf } from './file-stamp.js'
import { readIndexFile, writeIndexFile } from './index-file.js'

/** Number of files in a folder that are read at the same time. */
const readsAtOnce = 8

export interface FolderSource<Entry> {
  /** Path of the folder, which may be missing. */
  readonly path: string
  /** Path of its index file, outside the folder. */
  readonly indexFile: string
  /** Names of the files to index; all others are ignored. */
  readonly names: RegExp
  /** Reads one file; `null` if it does not exist. */
  readonly read: (name: string) => Promise<Entry | null>
  readonly files: DurableFiles
  /** Stops reading when the store closes. */
  readonly closing: AbortSignal
}

interface Loaded<Entry> {
  readonly entries: Map<string, Entry>
  /** Stamps of the files at the time their entries were read; missing for files changed since. */
  readonly stamps: Map<string, string>
}

/**
 * Index of the files in one folder, kept in memory and saved in an index file. The files are authoritative: the
 * saved index is used only while the folder's stamp is unchanged. If it has changed, each file whose stamp
 * differs is read again.
 */
export class IndexedFolder<Entry> {
  /** Number of files read so far because the index file had no valid entry for them. */
  filesRead = 0
  readonly #source: FolderSource<Entry>
  #loaded: Loaded<Entry> | undefined
  #loading: Promise<void> | undefined
  /** Changes made while nothing was loaded; they override entries read meanwhile. `null`: the file was removed. */
  readonly #changes = new Map<string, Entry | null>()
  /** Number of times the loaded entries were discarded; lets a running load detect that it happened meanwhile. */
  #forgotten = 0
  #running = 0
  /** Incremented with each change, so that an asynchronous action can detect one. */
  #version = 0
  #lastChange = performance.now()
  #saved = true
  /** Whether the names in memory are known to match those on disk. */
  #namesChecked = false

  constructor(source: FolderSource<Entry>) {
    this.#source = source
  }

  /** `undefined` if not loaded, or no longer trusted because a change failed. */
  get entries(): ReadonlyMap<string, Entry> | undefined {
    return this.#loaded?.entries
  }

  /** Whether the index file is out of date. */
  get unsaved(): boolean {
    return this.#loaded !== undefined && !this.#saved
  }

  /**
   * Loads the folder or its index file, once. After a failure the next call tries again.
   *
   * @param exists `false` if the folder was missing at some time since this object was created.
   */
  async load(exists = true): Promise<void> {
    if (this.#loaded !== undefined) return
    this.#loading ??= this.#load(exists).finally(() => (this.#loading = undefined))
    await this.#loading
  }

  /**
   * Runs a change of one file; `action` resolves to the file's new entry. Changes of the same file must not
   * overlap. If a change fails, the state on disk is unknown, so the folder is read again when next needed.
   *
   * @param done called with the previous entry (`undefined` if unknown) and the new one.
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

  /** Writes the index file. Does nothing while files are changing; the saver retries. */
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
      // Another program added or removed a file.
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
    // A missing folder has no index to save.
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

/** Leaves out files without a stamp: they are gone or have changed since their stamp was read. */
function rowsOf<Entry>({ entries, stamps }: Loaded<Entry>): (readonly [string, string, Entry])[] {
  return [...entries].flatMap(([name, entry]) => {
    const stamp = stamps.get(name)
    return stamp === undefined ? [] : [[name, stamp, entry] as const]
  })
}
