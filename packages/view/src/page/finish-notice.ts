import type { UploadTotals } from '../rows/totals.js'
import { browserSight, type PageSight } from '../rows/page-sight.js'
import { ValueStore, type Store } from '../store.js'
import { browserStorage, readChoice, writeChoice, type ChoiceStorage } from '../storage.js'

/** Whether a notification is shown: `denied`: the browser forbids it; `none`: the browser has no notifications. */
export type NoticeState = 'off' | 'on' | 'denied' | 'none'

/** The used part of the browser's `Notification`. */
export interface Notifier {
  /** `default` until the user has answered. */
  readonly permission: 'default' | 'granted' | 'denied'
  /** Asks the user; requires a gesture. */
  requestPermission(): Promise<'default' | 'granted' | 'denied'>
  new (
    title: string,
    options?: { readonly body?: string; readonly tag?: string },
  ): {
    /** Called on a click on the notification. */
    onclick: ((event: Event) => void) | null
  }
}

/** Browser features that a {@link FinishNotice} uses; each defaults to the browser's own. */
export interface FinishNoticeOptions {
  /** @default the browser's `Notification` */
  readonly notifier?: Notifier | undefined
  /** Whether the page is visible. @default the browser's */
  readonly sight?: PageSight
  /** Where the choice is stored. @default the browser's */
  readonly storage?: ChoiceStorage
}

/** An optional notification when all uploads have ended while the page is hidden. */
export interface FinishNotice extends Store<NoticeState> {
  /** Switches it on or off and remembers that; at first the browser asks for permission. Requires a gesture. */
  readonly choose: (on: boolean) => Promise<void>
  /**
   * Reports the current state; notifies once when no upload is under way any more.
   *
   * @param words text of the notification
   */
  readonly follow: (
    totals: UploadTotals,
    words: () => { readonly title: string; readonly body: string },
  ) => void
}

const storageKey = 'carryon-notify'

/** Creates a {@link FinishNotice}. It asks for nothing before {@link FinishNotice.choose}. */
export function createFinishNotice(options: FinishNoticeOptions = {}): FinishNotice {
  const notifier = 'notifier' in options ? options.notifier : browserNotifier()
  const { sight = browserSight, storage = browserStorage() } = options
  const store = new ValueStore<NoticeState>(stateNow(readChoice(storage, storageKey) === 'yes'))
  let wasActive = false

  function stateNow(wanted: boolean): NoticeState {
    if (notifier === undefined) return 'none'
    if (notifier.permission === 'denied') return 'denied'
    return wanted && notifier.permission === 'granted' ? 'on' : 'off'
  }

  return {
    get snapshot() {
      return store.snapshot
    },
    subscribe: store.subscribe,
    choose: async (on) => {
      if (on && notifier?.permission === 'default') await notifier.requestPermission()
      store.set(stateNow(on))
      writeChoice(storage, storageKey, store.snapshot === 'on' ? 'yes' : 'no')
    },
    follow: ({ active, done, failed }, words) => {
      const isOver = wasActive && active === 0 && done + failed > 0
      wasActive = active > 0
      if (!isOver || notifier === undefined || store.snapshot !== 'on' || !sight.isHidden()) return
      const { title, body } = words()
      try {
        // Replaces an earlier notification.
        const notice = new notifier(title, { body, tag: 'carryon' })
        notice.onclick = () => globalThis.focus()
      } catch {
        // Mobile browsers allow notifications only from service workers, and throw only here.
        store.set('none')
      }
    },
  }
}

/** Exists only on secure pages. */
function browserNotifier(): Notifier | undefined {
  if (typeof Notification === 'undefined' || !globalThis.isSecureContext) return undefined
  return Notification
}
