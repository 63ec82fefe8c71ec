import type { TabChannel } from './tab-channel.js'
import { parseTabMessage } from './tab-messages.js'
import type { TabCommand, TabMessage, TabWord } from './tab-messages.js'

/** The one upload of an identity that this tab has the lock for. */
export interface Holder {
  word(): TabWord
  obey(command: TabCommand): void
}

/** Uploads whose last word is kept, for a tab that gets the lock before it hears why. */
const endingsKept = 100

/** Passes words between this page's uploads and those of other tabs. One per uploader. */
export class TabDesk {
  readonly #channel: TabChannel
  readonly #holders = new Map<string, Holder>()
  readonly #watchers = new Map<string, (word: TabWord) => void>()
  /** Identities of which another tab has asked to hear: nobody else listens. */
  readonly #asked = new Set<string>()
  /** By identity, the oldest first. */
  readonly #endings = new Map<string, TabWord>()

  constructor(channel: TabChannel) {
    this.#channel = channel
    channel.listen((data) => {
      const message = parseTabMessage(data)
      if (message !== null) this.#hear(message)
    })
  }

  /** From now on `holder` answers for the identity. */
  hold(identity: string, holder: Holder): void {
    this.#holders.set(identity, holder)
    if (this.isHeard(identity)) this.say(identity, holder.word())
  }

  /** @param ending the last word, when there is one to say */
  letGo(identity: string, ending: TabWord | null): void {
    this.#holders.delete(identity)
    if (ending === null) return
    this.#endings.delete(identity)
    this.#endings.set(identity, ending)
    const [oldest] = this.#endings.keys()
    if (this.#endings.size > endingsKept && oldest !== undefined) this.#endings.delete(oldest)
    this.say(identity, ending)
    this.#asked.delete(identity)
  }

  /** Whether anybody hears what is said of the identity. */
  isHeard(identity: string): boolean {
    return this.#asked.has(identity)
  }

  say(identity: string, word: TabWord): void {
    if (this.isHeard(identity)) this.#post({ type: 'word', identity, word })
  }

  ask(identity: string, id: string | null): void {
    this.#post({ type: 'ask', identity, id })
  }

  command(identity: string, command: TabCommand): void {
    this.#post({ type: 'command', identity, command })
  }

  /** Calls `hear` with what the tab that has the identity says. One watcher per identity; returns the way to stop. */
  watch(identity: string, hear: (word: TabWord) => void): () => void {
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
      case 'word': {
        this.#watchers.get(identity)?.(message.word)
        return
      }
      case 'command': {
        holder?.obey(message.command)
        return
      }
      case 'ask': {
        this.#asked.add(identity)
        const ending = this.#endings.get(identity)
        if (holder !== undefined) this.say(identity, holder.word())
        else if (ending !== undefined && ending.id === message.id && ending.id !== null)
          this.say(identity, ending)
      }
    }
  }

  #post(message: TabMessage): void {
    this.#channel.post(message)
  }
}
