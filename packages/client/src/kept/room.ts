import type { Clock } from '../seams.js'
import type { Keeping } from './keeping.js'

/** Milliseconds between looks whether there is room by now. */
const lookInterval = 30_000

/** Room in the browser's storage, promised to copies before they take it. */
export class Room {
  readonly #keeping: Pick<Keeping, 'room'>
  readonly #clock: Clock
  /** Bytes. */
  readonly #limit: number
  /** Bytes that copies under way have still to write. */
  readonly #promised = new Map<object, number>()

  /** @param limit most bytes of all copies under way together, however much room there is */
  constructor(keeping: Pick<Keeping, 'room'>, clock: Clock, limit: number) {
    this.#keeping = keeping
    this.#clock = clock
    this.#limit = limit
  }

  /**
   * Resolves once what `missing` tells has room: never more than half of what the quota has left. Rejects with the
   * signal's reason.
   */
  async enter(copy: object, missing: () => number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const bytes = missing()
      const others = [...this.#promised.values()].reduce((sum, promised) => sum + promised, 0)
      if (bytes + others <= Math.min(this.#limit, (await this.#keeping.room()) / 2)) {
        this.#promised.set(copy, bytes)
        return
      }
      await this.#clock.sleep(lookInterval, signal)
    }
  }

  /** `bytes` that were promised have been written. */
  taken(copy: object, bytes: number): void {
    this.#promised.set(copy, Math.max(0, (this.#promised.get(copy) ?? 0) - bytes))
  }

  leave(copy: object): void {
    this.#promised.delete(copy)
  }
}
