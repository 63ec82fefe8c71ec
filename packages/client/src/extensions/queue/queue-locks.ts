import type { Clock, TabLocks } from '../../ports.js'
import { noLock } from '../../async/tab-locks.js'

/** Milliseconds that a page which is being left may take to let go of its queue. */
const leaving = 300

/**
 * Queues that are this page's: its own, and those of pages that are gone. Each is a lock, so that no other page takes
 * up what this one has yet to send; the browser lets go of it when the page ends, however it ends.
 */
export class QueueLocks {
  readonly #locks: TabLocks
  readonly #clock: Clock
  readonly #held = new Map<string, () => void>()

  constructor(locks: TabLocks, clock: Clock) {
    this.#locks = locks
    this.#clock = clock
  }

  has(queue: string): boolean {
    return this.#held.has(queue)
  }

  /** Takes it if no other page has it, or lets go of it in a moment. Not while nobody can tell whether one has. */
  async take(queue: string): Promise<boolean> {
    if (this.#held.has(queue)) return true
    const tooLong = new AbortController()
    const giveUp = (): void => {
      void this.#clock.sleep(leaving).then(() => tooLong.abort(new Error('Another page has this queue.')))
    }
    try {
      const release = await this.#locks.acquire(`carryon-queue:${queue}`, tooLong.signal, giveUp)
      if (release === noLock) return false
      this.#held.set(queue, release)
      return true
    } catch {
      return false
    }
  }

  leave(queue: string): void {
    this.#held.get(queue)?.()
    this.#held.delete(queue)
  }

  leaveAll(): readonly string[] {
    const queues = [...this.#held.keys()]
    for (const queue of queues) this.leave(queue)
    return queues
  }
}
