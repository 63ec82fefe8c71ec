import { combineAll } from '@carryon/hash'
import type { Crc64Part } from '@carryon/hash'
import { crc64TypeOf } from '../../backend/upload-backend.js'
import { recheckSamples } from '../../content/fingerprint.js'
import type { Clock } from '../../ports.js'
import type { RunContext } from '../../transfer/run-context.js'
import type { UploadProgress } from '../../upload-types.js'
import { acknowledgedOf, ByteRanges, sized } from './ranges.js'
import { blockCount, blockRange, grainOf } from './blocks.js'
import { headStart, isEnding, measuring, restAfter } from './copy-pace.js'
import type { CopyQuota } from './copy-quota.js'
import type { BlockStore } from './copy-storage.js'
import type { LocalCopy } from './local-copy.js'
import type { CrcRange } from './ranges.js'

/** Milliseconds between checks of an upload that is too fast to copy beside, or about to end. */
const lookAgain = 1_000

/** Callbacks of a {@link CopyJob}. */
export interface CopyEvents {
  /** A block was copied; all of it may have been acknowledged meanwhile. */
  added(index: number): Promise<void>
  /** Everything that is not acknowledged is copied, and the copy is consistent. */
  whole(crcs: readonly Crc64Part[]): Promise<void>
}

/**
 * Copies the unacknowledged bytes of one file, from the last block backwards. Sending starts from the front, so each
 * copied byte is still unsent, and the copy is complete when the two meet.
 */
export class CopyJob {
  readonly #blocks: BlockStore
  readonly #clock: Clock
  readonly #quota: CopyQuota
  readonly #run: RunContext
  readonly #copy: LocalCopy
  readonly #events: CopyEvents
  #began = 0

  constructor(
    blocks: BlockStore,
    clock: Clock,
    quota: CopyQuota,
    run: RunContext,
    copy: LocalCopy,
    events: CopyEvents,
  ) {
    this.#blocks = blocks
    this.#clock = clock
    this.#quota = quota
    this.#run = run
    this.#copy = copy
    this.#events = events
  }

  /** Rejects when there is no space or the file has changed, and with the signal's reason. */
  async run(signal: AbortSignal): Promise<void> {
    this.#began = this.#clock.now()
    // While part sizes are still being measured, the remaining time is unknown.
    const isMeasured = !this.#run.layout.isSettled
    try {
      await this.#clock.sleep(isMeasured ? measuring + headStart : headStart, signal)
      while (this.#isEnding()) await this.#clock.sleep(lookAgain, signal)
      await this.#quota.reserve(this.#copy, () => this.#missingBytes(), signal)
      await this.#copyMissing(signal)
      if (!this.#copy.whole) await this.#becomeWhole(signal)
    } finally {
      this.#quota.release(this.#copy)
    }
  }

  async #copyMissing(signal: AbortSignal): Promise<void> {
    const { file, upload } = this.#run
    const { identity, cut, copied } = this.#copy
    const grain = grainOf(upload.partSize)
    // Computed once per copied block: with thousands of parts it takes some milliseconds.
    let acknowledged = this.#acknowledged()
    for (let index = blockCount(cut) - 1; index >= 0; index--) {
      if (!this.#isMissing(index, acknowledged)) continue
      const range = blockRange(cut, index)
      const began = this.#clock.now()
      const slice = file.slice(range.start, range.end)
      const grains = await this.#blocks.write(identity, index, slice, crc64TypeOf(upload), grain, signal)
      signal.throwIfAborted()
      const before = copied.of(range)
      const isOfOneState = this.#copy.add(index, grains)
      if (!isOfOneState || (before !== null && before !== copied.of(range))) {
        throw new Error('The file is not what was copied or sent before.')
      }
      this.#quota.taken(this.#copy, slice.size)
      await this.#events.added(index)
      await this.#rest(slice.size, this.#clock.now() - began, signal)
      acknowledged = this.#acknowledged()
    }
  }

  async #becomeWhole(signal: AbortSignal): Promise<void> {
    const crcRanges = this.#copy.all(acknowledgedOf(this.#run))
    if (crcRanges === null) return
    const rest = (bytes: number, took: number): Promise<void> => this.#rest(bytes, took, signal)
    await checkConsistent(this.#run, crcRanges, this.#copy.cut.blockSize, rest, signal)
    // Bytes that are in no block must be recorded as acknowledged; otherwise a later page does not find the copy
    // complete.
    await this.#run.context.memory.settled()
    signal.throwIfAborted()
    for (const crcRange of crcRanges) this.#copy.copied.add(crcRange)
    this.#copy.whole = true
    await this.#events.whole(crcRanges.map(sized))
  }

  #acknowledged(): ByteRanges {
    const ranges = new ByteRanges()
    for (const part of acknowledgedOf(this.#run)) ranges.add(part)
    return ranges
  }

  #isMissing(index: number, acknowledged: ByteRanges): boolean {
    return !this.#copy.present.has(index) && !acknowledged.has(blockRange(this.#copy.cut, index))
  }

  #missingBytes(): number {
    const { cut } = this.#copy
    const acknowledged = this.#acknowledged()
    let bytes = 0
    for (let index = 0; index < blockCount(cut); index++) {
      const { start, end } = blockRange(cut, index)
      if (this.#isMissing(index, acknowledged)) bytes += end - start
    }
    return bytes
  }

  async #rest(bytes: number, took: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const rest = restAfter(bytes, took, this.#progress(), this.#clock.now() - this.#began)
      await this.#clock.sleep(rest ?? lookAgain, signal)
      if (rest !== null) return
    }
  }

  #isEnding(): boolean {
    return isEnding(this.#progress(), this.#run.meter.carriedPerSecond(this.#clock.now()))
  }

  #progress(): UploadProgress {
    return this.#run.meter.snapshot(this.#clock.now())
  }
}

/**
 * Checks that ranges which were read minutes apart belong to one state of the file. This has to happen while the file
 * can still be read. As thorough as the check before an upload completes.
 *
 * Rejects when they are not.
 *
 * @param crcRanges of the whole file, in order
 * @param readSize bytes to read at once; a read may be somewhat larger
 * @param rest called after each read with its bytes and duration in milliseconds, to pause in favor of sending
 */
async function checkConsistent(
  run: RunContext,
  crcRanges: readonly CrcRange[],
  readSize: number,
  rest: (bytes: number, took: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { context, file, upload } = run
  if (await recheckSamples(run, signal)) return
  const crc64Type = crc64TypeOf(upload)
  for (let done = 0; done < crcRanges.length;) {
    const began = context.clock.now()
    const together: CrcRange[] = []
    for (let bytes = 0; bytes < readSize && done < crcRanges.length; done++) {
      const crcRange = crcRanges[done]
      if (crcRange === undefined) break
      together.push(crcRange)
      bytes += crcRange.end - crcRange.start
    }
    const [start, end] = [together[0]?.start ?? 0, together.at(-1)?.end ?? 0]
    const { crc64 } = await context.hasher.hash([file.slice(start, end)], [crc64Type], signal)
    if (crc64 !== combineAll(together.map(sized), crc64Type)) {
      throw new Error(`Bytes ${start} to ${end} have changed since they were read.`)
    }
    await rest(end - start, context.clock.now() - began)
  }
}
