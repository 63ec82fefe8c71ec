import { reasonOf } from '../async/clock.js'
import type { TabLocks } from '../seams.js'

/**
 * One upload of a content at a time: in this page in the order of asking, across tabs by {@link TabLocks}. Two
 * picks of the same content so become two objects, one after the other, and never write into one upload.
 */
export class IdentityLocks {
  readonly #tabs: TabLocks
  /** Who has the identity in this page, and who waits for it. */
  readonly #queues = new Map<string, (() => void)[]>()

  constructor(tabs: TabLocks) {
    this.#tabs = tabs
  }

  /** Resolves with the way to release. Rejects with the signal's reason when it is aborted first. */
  async acquire(
    identity: string,
    signal: AbortSignal,
    onWait: (reason: 'same-file' | 'other-tab') => void,
  ): Promise<() => void> {
    const leavePage = await this.#enter(identity, signal, () => onWait('same-file'))
    try {
      const leaveTabs = await this.#tabs.acquire(`carryon:${identity}`, signal, () => onWait('other-tab'))
      return () => {
        leaveTabs()
        leavePage()
      }
    } catch (error) {
      leavePage()
      throw error
    }
  }

  #enter(identity: string, signal: AbortSignal, onWait: () => void): Promise<() => void> {
    const leave = (): void => this.#leave(identity)
    const waiting = this.#queues.get(identity)
    if (waiting === undefined) {
      this.#queues.set(identity, [])
      return Promise.resolve(leave)
    }
    onWait()
    // Who hears that it has to wait may not want to: an abort that has come is not told again.
    if (signal.aborted) return Promise.reject(reasonOf(signal))
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', onAbort)
        resolve(leave)
      }
      const onAbort = (): void => {
        waiting.splice(waiting.indexOf(enter), 1)
        reject(reasonOf(signal))
      }
      signal.addEventListener('abort', onAbort, { once: true })
      waiting.push(enter)
    })
  }

  #leave(identity: string): void {
    const next = this.#queues.get(identity)?.shift()
    if (next === undefined) this.#queues.delete(identity)
    else next()
  }
}
