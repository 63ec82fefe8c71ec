import type { Crc64Type } from '@carryon/hash'
import { crc64TypeOf } from '../../backend/upload-backend.js'
import type { Clock, RememberedPart } from '../../ports.js'
import type { RunContext } from '../../transfer/run-context.js'
import type { UploadErrorCode } from '../../upload-types.js'
import { rememberedRanges } from './ranges.js'
import { blockRange, blockSizeOf, grainOf } from './blocks.js'
import type { ByteRange } from './ranges.js'
import { CopyJob } from './copy-job.js'
import { handleOf } from './file-handles.js'
import { isCopied } from './copy-storage.js'
import type { CopyStorage, RememberedSource } from './copy-storage.js'
import { LocalCopy } from './local-copy.js'
import { CopyQuota } from './copy-quota.js'

/**
 * Keeps files available while they are uploaded, so that a later page can resume without a pick: remembers the file
 * handle if there is one, otherwise copies the bytes that the store has not acknowledged.
 *
 * A failure here only ends the copying of that file.
 */
export class CopyManager {
  readonly #copyStorage: CopyStorage
  readonly #clock: Clock
  readonly #quota: CopyQuota
  /** Copies by fingerprint. */
  readonly #copies = new Map<string, LocalCopy>()
  /** Work in progress by fingerprint; it runs one task at a time. */
  readonly #work = new Map<string, Promise<void>>()
  readonly #givenUp = new Set<string>()
  /** Resolves once the copies of earlier pages have been counted. */
  #counted: Promise<void> | undefined

  /**
   * @param limit most bytes of all copies together, however much space is free
   * @param others bytes of copies that other code makes within that limit
   */
  constructor(copyStorage: CopyStorage, clock: Clock, limit: number, others: () => number) {
    this.#copyStorage = copyStorage
    this.#clock = clock
    this.#quota = new CopyQuota(copyStorage, clock, limit, others)
  }

  /** Bytes of all copies, including those still to be written. */
  get bytes(): number {
    return this.#quota.bytes
  }

  /** Begins to copy while `run` sends; continues while it is paused. */
  keep(run: RunContext): void {
    const { identity, mode } = run.upload
    if (mode === 'single' || this.#givenUp.has(identity)) return
    const begun = this.#queue(identity, async () => {
      const copy = await this.#begin(run)
      if (copy !== null && !copy.copying) void this.#copyBeside(run, copy)
    })
    // If even the cleanup fails, it is left to the next page.
    begun.catch(() => this.giveUp(identity)).catch(() => undefined)
  }

  /** CRC-64 of a copied range; `null` if it was not copied. */
  crc64Of(identity: string, range: ByteRange, type: Crc64Type): string | null {
    const copy = this.#copies.get(identity)
    return copy?.crc64Type === type ? copy.copied.of(range) : null
  }

  /** Call once a part's acknowledgement is stored: frees blocks that are now fully acknowledged. */
  acknowledged(identity: string, { start, size, crc64 }: RememberedPart): Promise<void> {
    if (start === undefined) return Promise.resolve()
    const part = { start, end: start + size, crc64 }
    return this.#queue(identity, async () => {
      const copy = this.#copies.get(identity)
      if (copy === undefined) return
      // Sent was another state of the file than was copied: the two together would be a mix.
      if (copy.acknowledge(part)) await this.#free(copy, part)
      else await this.#forget(identity)
    })
  }

  /** The upload is done or no longer exists: removes its copy and source. */
  ended(identity: string): Promise<void> {
    this.#stop(identity)
    return this.#queue(identity, async () => {
      this.#uncount(identity)
      await this.#copyStorage.sources.delete(identity)
      await this.#copyStorage.blocks.drop(identity)
    })
  }

  /** Makes no copy of this file while this page lives. Its remembered source stays. */
  giveUp(identity: string): Promise<void> {
    this.#givenUp.add(identity)
    this.#stop(identity)
    return this.#queue(identity, () => this.#forget(identity))
  }

  /** Stops copying for a failed upload. */
  async failed(id: string, code: UploadErrorCode | undefined): Promise<void> {
    const [identity] = [...this.#copies].find(([, copy]) => copy.id === id) ?? []
    if (identity === undefined) return
    // A copy of the old content is useless once the user was told that the file has changed.
    if (code === 'file-changed') await this.giveUp(identity)
    else this.#stop(identity)
  }

  /** Records whether the user paused the upload, for a later page. The last call wins, however long writes take. */
  paused(id: string, paused: boolean): Promise<void> {
    const { sources } = this.#copyStorage
    return this.#queue(`paused:${id}`, async () => {
      const source = (await sources.all()).find((one) => one.id === id)
      if (source === undefined) return
      await this.#queue(source.identity, async () => {
        const now = await sources.get(source.identity)
        if (now !== null) await sources.put({ ...now, paused })
      })
    })
  }

  /**
   * Cleans up after killed pages: removes sources and copies that belong to no upload, or to one that the server has
   * swept.
   *
   * @param open the server's ids of this owner's open uploads; there may be other owners in this browser
   */
  async sweep(open: readonly string[]): Promise<void> {
    const { sources, blocks } = this.#copyStorage
    try {
      for (const { identity, id, expiresAt } of await sources.all()) {
        if (!open.includes(id) && expiresAt < this.#clock.wallTime()) await this.ended(identity)
      }
      await blocks.retainOnly(async () => (await sources.all()).map(({ identity }) => identity))
    } catch {
      // The next page retries.
    }
  }

  /** Stops copying; existing copies stay for the next page. */
  close(): void {
    for (const identity of this.#copies.keys()) this.#stop(identity)
  }

  /** The copy to write to; `null` if nothing is to be copied. */
  async #begin(run: RunContext): Promise<LocalCopy | null> {
    const { sources, blocks, blockSize } = this.#copyStorage
    const { context, file, upload } = run
    const { identity, id } = upload
    const source = sourceOf(run)
    await (this.#counted ??= this.#count())
    const handle = handleOf(file)
    if (handle !== null) {
      await sources.put({ ...source, handle })
      this.#uncount(identity)
      await blocks.drop(identity)
      return null
    }
    const before = await sources.get(identity)
    const isAlike = before !== null && isCopied(before) && crc64TypeOf(before) === crc64TypeOf(upload)
    const copied = isAlike ? before : null
    const known = this.#copies.get(identity)
    // The file is read from a copy that is no longer remembered: it can be neither freed nor extended.
    if (file.known !== undefined && copied === null) return null
    const cut = {
      size: file.size,
      blockSize: copied?.blockSize ?? blockSizeOf(blockSize, grainOf(upload.partSize)),
    }
    await sources.put({
      ...source,
      blockSize: cut.blockSize,
      ...(copied !== null && { crcs: copied.crcs }),
    })
    if (known?.cut.blockSize === cut.blockSize && !known.stop.signal.aborted) {
      known.isFor(id)
      return known
    }
    // Blocks of an incomplete copy have no known checksums.
    if (copied === null) await blocks.drop(identity)
    const present = copied === null ? new Set<number>() : await blocks.indexes(identity)
    const base = { identity, id, cut, crc64Type: crc64TypeOf(upload) }
    const copy = new LocalCopy(base, present, copied?.crcs)
    const remembered = await context.memory.get(identity)
    for (const part of rememberedRanges(remembered?.id === id ? remembered : null)) {
      if (copied !== null && copy.copied.of(part) !== part.crc64) continue
      copy.acknowledge(part)
      await this.#free(copy, part)
    }
    this.#uncount(identity)
    this.#copies.set(identity, copy)
    for (const index of copy.present) this.#quota.kept(copy, sizeOf(blockRange(cut, index)))
    return file.known === undefined ? copy : null
  }

  async #copyBeside(run: RunContext, copy: LocalCopy): Promise<void> {
    const { identity, cut } = copy
    const job = new CopyJob(this.#copyStorage.blocks, this.#clock, this.#quota, run, copy, {
      added: (index) => this.#queue(identity, () => this.#free(copy, blockRange(cut, index))),
      whole: (crcs) =>
        this.#queue(identity, async () => {
          const source = await this.#copyStorage.sources.get(identity)
          if (source !== null) await this.#copyStorage.sources.put({ ...source, crcs })
        }),
    })
    copy.copying = true
    try {
      await job.run(copy.stop.signal)
    } catch {
      if (!copy.stop.signal.aborted) await this.giveUp(identity).catch(() => undefined)
    } finally {
      copy.copying = false
    }
  }

  async #free(copy: LocalCopy, range: ByteRange): Promise<void> {
    for (const index of copy.freed(range)) {
      copy.present.delete(index)
      if (this.#copies.get(copy.identity) === copy)
        this.#quota.kept(copy, -sizeOf(blockRange(copy.cut, index)))
      await this.#copyStorage.blocks.free(copy.identity, index)
    }
  }

  /** Like {@link giveUp}, for use inside queued work. */
  async #forget(identity: string): Promise<void> {
    this.#givenUp.add(identity)
    this.#stop(identity)
    this.#uncount(identity)
    const source = await this.#copyStorage.sources.get(identity)
    if (source !== null) {
      const { crcs, ...rest } = source
      if (crcs !== undefined) await this.#copyStorage.sources.put(rest)
    }
    await this.#copyStorage.blocks.drop(identity)
  }

  /** Counts the copies of closed pages; they count until their upload is resumed or ends. */
  async #count(): Promise<void> {
    const { sources, blocks } = this.#copyStorage
    try {
      for (const { identity, size, blockSize } of await sources.all()) {
        if (blockSize === undefined) continue
        for (const index of await blocks.indexes(identity))
          this.#quota.kept(identity, sizeOf(blockRange({ size, blockSize }, index)))
      }
    } catch {
      // Copies that cannot be counted cannot be used either.
    }
  }

  #uncount(identity: string): void {
    const copy = this.#copies.get(identity)
    if (copy !== undefined) this.#quota.dropped(copy)
    this.#quota.dropped(identity)
    this.#copies.delete(identity)
  }

  #stop(identity: string): void {
    this.#copies.get(identity)?.stop.abort(new Error('The copy is no longer wanted.'))
  }

  /** Runs the work for one file one task at a time. */
  #queue(identity: string, work: () => Promise<void>): Promise<void> {
    const done = (this.#work.get(identity) ?? Promise.resolve()).then(work)
    this.#work.set(
      identity,
      done.catch(() => undefined),
    )
    return done
  }
}

function sizeOf({ start, end }: ByteRange): number {
  return end - start
}

function sourceOf({ file, upload }: RunContext): RememberedSource {
  const { identity, id, expiresAt } = upload
  const { name, size, type } = file
  const crc64Type = crc64TypeOf(upload)
  return { identity, id, name, size, type, crc64Type, expiresAt: Date.parse(expiresAt), paused: false }
}
