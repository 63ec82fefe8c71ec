import type { TabChannel } from '../extensions/tabs/tab-channel.js'

/** The channels of one simulated browser's tabs: every other tab receives a message a moment later. */
export class SimChannels {
  readonly #tabs = new Set<Set<(message: unknown) => void>>()

  /** Opens the channel of a new tab. */
  open(): TabChannel {
    const own = new Set<(message: unknown) => void>()
    this.#tabs.add(own)
    return {
      post: (message) => {
        if (!this.#tabs.has(own)) return
        const copy: unknown = structuredClone(message)
        for (const tab of this.#tabs) if (tab !== own) queueMicrotask(() => this.#deliver(tab, copy))
      },
      listen: (listener) => {
        own.add(listener)
        return () => own.delete(listener)
      },
      close: () => this.#tabs.delete(own),
    }
  }

  #deliver(tab: Set<(message: unknown) => void>, message: unknown): void {
    if (!this.#tabs.has(tab)) return
    for (const listener of tab) listener(message)
  }
}
