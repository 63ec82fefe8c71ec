import type { UploadTotals } from '../rows/totals.js'
import { browserSight, type PageSight } from '../rows/page-sight.js'
import { ValueStore, type Store } from '../store.js'
import { browserStorage, readChoice, writeChoice, type ChoiceStorage } from '../storage.js'

/** Whether a finished page tells of it: `denied`, the browser forbids it; `none`, the browser has no notifications. */
export type NoticeState = 'off' | 'on' | 'denied' | 'none'

/** What of the browser's `Notification` is needed. */
export interface Notifier {
  /** `default` until a person has answered. */
  readonly permission: 'default' | 'granted' | 'denied'
  /** Asks the person; needs a gesture. */
  requestPermission(): Promise<'default' | 'granted' | 'denied'>
  new (
    title: string,
    options?: { readonly body?: string; readonly tag?: string },
  ): {
    /** Called when it is clicked. */
    onclick: ((event: Event) => void) | null
  }
}

/** What a {@link FinishNotice} needs of the browser; each has the browser's own as its default. */
export interface FinishNoticeOptions {
  /** @default the browser's `Notification` */
  readonly notifier?: Notifier | undefined
  /** Whether somebody sees the page. @default the browser's */
  readonly sight?: PageSight
  /** Where the choice is remembered. @default the browser's */
  readonly storage?: ChoiceStorage
}

/** A notification on request when all uploads are over and nobody sees the page. */
export interface FinishNotice extends Store<NoticeState> {
  /** Switches it on or off; the first time the browser asks. Needs a gesture. It is remembered. */
  readonly choose: (on: boolean) => Promise<void>
  /**
   * How things stand now; tells once when nothing is under way any more.
   *
   * @param words what is told of them
   */
  readonly follow: (
    totals: UploadTotals,
    words: () => { readonly title: string; readonly body: string },
  ) => void
}

const storageKey = 'carryon-notify'

/** Makes a {@link FinishNotice}. Nothing is asked before {@link FinishNotice.choose}. */
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
        // Of several in a row only the last is of interest.
        const notice = new notifier(title, { body, tag: 'carryon' })
        notice.onclick = () => globalThis.focus()
      } catch {
        // Browsers on phones let only service workers make one, and say so no earlier.
        store.set('none')
      }
    },
  }
}

/** Only on secure pages. */
function browserNotifier(): Notifier | undefined {
  if (typeof Notification === 'undefined' || !globalThis.isSecureContext) return undefined
  return Notification
}
