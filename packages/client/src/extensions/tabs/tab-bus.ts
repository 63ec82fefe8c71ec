import type { TabChannel } from './tab-channel.js'
import { isTabMessage } from './tab-messages.js'
import type { StatusMessage, TabCommand } from '../../upload/other-tabs.js'
import type { TabMessage } from './tab-messages.js'

/** The upload for whose content this tab holds the lock. */
export interface LockHolder {
  status(): StatusMessage
  run(command: TabCommand): void
}

/** Number of ended uploads whose last status is kept, for a tab that gets the lock before it learns the end. */
const endingsKept = 100

/** Carries status messages and commands between this page's uploads and those of other tabs. One per uploader. */
export class TabBus {
  readonly #channel: TabChannel
  readonly #holders = new Map<string, LockHolder>()
  readonly #watchers = new Map<string, (status: StatusMessage) => void>()
  /** Fingerprints that other tabs asked about; no other ones are published. */
  readonly #asked = new Set<string>()
  /** Last statuses by fingerprint, the oldest first. */
  readonly #endings = new Map<string, StatusMessage>()

  constructor(channel: TabChannel) {
    this.#channel = channel
    channel.listen((data) => {
      if (isTabMessage(data)) this.#hear(data)
    })
  }

  /** Makes `holder` answer for the fingerprint. */
  hold(identity: string, holder: LockHolder): void {
    this.#holders.set(identity, holder)
    if (this.isHeard(identity)) this.say(identity, holder.status())
  }

  /** @param ending the final status to publish; `null` for none */
  letGo(identity: string, ending: StatusMessage | null): void {
    this.#holders.delete(identity)
    if (ending === null) return
    this.#endings.delete(identity)
    this.#endings.set(identity, ending)
    const [oldest] = this.#endings.keys()
    if (this.#endings.size > endingsKept && oldest !== undefined) this.#endings.delete(oldest)
    this.say(identity, ending)
    this.#asked.delete(identity)
  }

  /** Whether another tab has asked about the fingerprint. */
  isHeard(identity: string): boolean {
    return this.#asked.has(identity)
  }

  say(identity: string, status: StatusMessage): void {
    if (this.isHeard(identity)) this.#channel.post({ type: 'status', identity, status } satisfies TabMessage)
  }

  ask(identity: string, id: string | null): void {
    this.#channel.post({ type: 'ask', identity, id } satisfies TabMessage)
  }

  command(identity: string, command: TabCommand): void {
    this.#channel.post({ type: 'command', identity, command } satisfies TabMessage)
  }

  /**
   * Calls `hear` with each status that the holding tab publishes. One watcher per fingerprint; returns a function
   * that stops it.
   */
  watch(identity: string, hear: (status: StatusMessage) => void): () => void {
    this.#watchers.set(identity, hear)
    return () => {
      if (this.#watchers.get(identity) === hear) this.#watchers.delete(identity)
    }
  }

  close(): void {
    this.#channel.close()
  }

  #hear(message: TabMessage): void {
    const { identity } = message
    const holder = this.#holders.get(identity)
    switch (message.type) {
      case 'status': {
        this.#watchers.get(identity)?.(message.status)
        return
      }
      case 'command': {
        holder?.run(message.command)
        return
      }
      case 'ask': {
        this.#asked.add(identity)
        const ending = this.#endings.get(identity)
        if (holder !== undefined) this.say(identity, holder.status())
        else if (ending !== undefined && ending.id === message.id && ending.id !== null)
          this.say(identity, ending)
      }
    }
  }
}
