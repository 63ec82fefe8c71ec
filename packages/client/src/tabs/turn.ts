import { reasonOf } from '../async/clock.js'
import { hasEnded } from '../core/state.js'
import type { Clock } from '../ports.js'
import type { IdentityLocks } from './identity-locks.js'
import type { Holder, TabDesk } from './tab-desk.js'
import { TabMirror } from './tab-mirror.js'
import type { TabCommand, TabWord } from './tab-messages.js'

/** Milliseconds between words about progress to other tabs. */
const wordInterval = 250

/** What the tabs of one browser share. */
export interface TabsShared {
  readonly locks: IdentityLocks
  readonly desk: TabDesk
  readonly clock: Clock
}

/** The upload whose turn it is or will be. */
export interface TurnOwner extends Holder {
  /** Another tab, for which this one waits, said how its upload stands. */
  heard(word: TabWord): void
  /** The other tab is gone, and this one has the upload now. @param paused whether it stood still there */
  tookOver(paused: boolean): void
}

/**
 * One upload's turn at its content. It lasts over pauses until the upload has ended, so that in every tab it is one
 * and the same upload; while another tab has the turn, this one mirrors it.
 */
export class Turn {
  readonly #shared: TabsShared
  readonly #owner: TurnOwner
  #held: { readonly identity: string; readonly release: () => void } | null = null
  #mirror: TabMirror | null = null
  #saidAt = 0
  #said = ''

  constructor(shared: TabsShared, owner: TurnOwner) {
    this.#shared = shared
    this.#owner = owner
  }

  /** What the tab that has the upload says of it; `null` while none has it, or none was heard. */
  get word(): TabWord | null {
    return this.#mirror?.word ?? null
  }

  /** Resolves once it is this upload's turn. Rejects with the signal's reason when it is aborted first. */
  async take(
    identity: string,
    signal: AbortSignal,
    onWait: (reason: 'same-file' | 'other-tab') => void,
  ): Promise<void> {
    if (this.#held !== null) return
    try {
      const release = await this.#shared.locks.acquire(identity, signal, (reason) => {
        onWait(reason)
        if (reason === 'other-tab') this.#mirrorOther(identity)
      })
      await this.#keep(identity, release, signal)
    } finally {
      this.#mirror?.stop()
      this.#mirror = null
    }
  }

  /** To the tab that has the upload. */
  command(command: TabCommand): void {
    this.#mirror?.command(command)
  }

  /** Tells other tabs how this upload stands: each new state at once, progress as often as listeners hear of it. */
  publish(): void {
    if (this.#held === null || !this.#shared.desk.isHeard(this.#held.identity)) return
    const word = this.#owner.word()
    // How it ended is said by leave(): not before the store has let go of what was cancelled.
    if (hasEnded(word)) return
    const label = `${word.state}/${word.waitReason ?? ''}/${word.id ?? ''}`
    const now = this.#shared.clock.now()
    if (label === this.#said && now - this.#saidAt < wordInterval) return
    this.#said = label
    this.#saidAt = now
    this.#shared.desk.say(this.#held.identity, word)
  }

  /** Says how it ended, unless `silently`, and lets the next one have it. */
  leave(how: 'silently' | null = null): void {
    if (this.#held === null) return
    const { identity, release } = this.#held
    this.#held = null
    const word = this.#owner.word()
    this.#shared.desk.letGo(identity, how === 'silently' || !hasEnded(word) ? null : word)
    release()
  }

  #mirrorOther(identity: string): void {
    const { desk, clock } = this.#shared
    const { name = '' } = this.#owner.word()
    this.#mirror = new TabMirror(desk, clock, identity, name, (word) => this.#owner.heard(word))
  }

  async #keep(identity: string, release: () => void, signal: AbortSignal): Promise<void> {
    const mirror = this.#mirror
    await mirror?.settle()
    if (signal.aborted) {
      release()
      throw reasonOf(signal)
    }
    this.#held = { identity, release }
    this.#shared.desk.hold(identity, this.#owner)
    if (mirror !== null) this.#owner.tookOver(mirror.isPaused)
    signal.throwIfAborted()
  }
}
