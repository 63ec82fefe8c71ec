import type { Clock, Hasher } from '../ports.js'
import { simHasher } from './sim-hasher.js'

/** Hashes parts slowly, so that something can happen meanwhile; fingerprints are computed at once. */
export class SlowHasher implements Hasher {
  /** Running jobs. */
  running = 0
  /** Most jobs at once so far. */
  most = 0
  readonly #clock: Clock
  readonly #time: number

  /** @param time milliseconds per part */
  constructor(clock: Clock, time: number) {
    this.#clock = clock
    this.#time = time
  }

  async hash(...[slices, digests, signal]: Parameters<Hasher['hash']>): ReturnType<Hasher['hash']> {
    if (digests.includes('sha256')) return simHasher.hash(slices, digests, signal)
    this.running += 1
    this.most = Math.max(this.most, this.running)
    try {
      await this.#clock.sleep(this.#time, signal)
      return await simHasher.hash(slices, digests, signal)
    } finally {
      this.running -= 1
    }
  }

  close(): void {
    // Nothing is held.
  }
}
