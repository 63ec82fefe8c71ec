import type { Clock } from '../../ports.js'
import type { CopyStorage } from './copy-storage.js'

/** Milliseconds between checks for free space. */
const lookInterval = 30_000

/** Space in the browser's storage, reserved for copies before they write. */
export class CopyQuota {
  readonly #copyStorage: Pick<CopyStorage, 'freeSpace'>
  readonly #clock: Clock
  /** Bytes. */
  readonly #limit: number
  readonly #others: () => number
  /** Bytes that copies in progress have still to write. */
  readonly #promised = new Map<object, number>()
  /** Bytes of copies, by copy; for copies of earlier pages by fingerprint. */
  readonly #kept = new Map<object | string, number>()

  /**
   * @param limit most bytes of all copies together, however much space is free
   * @param others bytes of copies that other code makes within that limit
   */
  constructor(
    copyStorage: Pick<CopyStorage, 'freeSpace'>,
    clock: Clock,
    limit: number,
    others = (): number => 0,
  ) {
    this.#copyStorage = copyStorage
    this.#clock = clock
    this.#limit = limit
    this.#others = others
  }

  /** Bytes of all copies, including those still to be written. */
  get bytes(): number {
    return sumOf(this.#promised) + sumOf(this.#kept)
  }

  /**
   * Resolves once there is space for the bytes that `missing` returns, using at most half of the free quota. Rejects
   * with the signal's reason.
   */
  async reserve(copy: object, missing: () => number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const space = (await this.#copyStorage.freeSpace()) / 2
      const bytes = missing()
      const isWithin = bytes + this.bytes + this.#others() <= this.#limit
      if (isWithin && bytes + sumOf(this.#promised) <= space) {
        this.#promised.set(copy, bytes)
        return
      }
      await this.#clock.sleep(lookInterval, signal)
    }
  }

  /** Records that `bytes` of the reserved space have been written. */
  taken(copy: object, bytes: number): void {
    this.#promised.set(copy, Math.max(0, (this.#promised.get(copy) ?? 0) - bytes))
    this.kept(copy, bytes)
  }

  /** Changes the counted bytes of a copy; negative if bytes were removed. */
  kept(copy: object | string, bytes: number): void {
    this.#kept.set(copy, (this.#kept.get(copy) ?? 0) + bytes)
  }

  /** The copy was removed. */
  dropped(copy: object | string): void {
    this.#kept.delete(copy)
  }

  release(copy: object): void {
    this.#promised.delete(copy)
  }
}

function sumOf(bytes: ReadonlyMap<unknown, number>): number {
  return [...bytes.values()].reduce((sum, each) => sum + each, 0)
}
