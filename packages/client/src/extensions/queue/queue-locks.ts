import type { Clock, TabLocks } from '../../ports.js'
import { noLock } from '../../async/tab-locks.js'

/** Milliseconds to wait for a page that is being left to release its queue. */
const leaving = 300

/**
 * Queues that this page owns: its own, and those it took over from closed pages. Each is held by a lock, so that no
 * other page takes over its files; the browser releases the lock when the page ends, however it ends.
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

  /**
   * Takes the queue if no other page holds it, or releases it in a moment. Returns false if locks are unavailable,
   * because then nobody can tell whether another page holds it.
   */
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
