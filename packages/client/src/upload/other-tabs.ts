import type { UploadStatus } from '../core/state.js'
import type { Upload, UploadProgress, UploadResult, UploadState, WaitReason } from '../upload-types.js'
import type { ContentLocks } from './content-locks.js'

/** The status of an upload as sent by the tab that has it. */
export interface StatusMessage {
  /** The server's id, once open. */
  readonly id: string | null
  /** Name of the file; not sent by tabs of an earlier version. */
  readonly name?: string
  readonly state: UploadState
  /** Present in state `waiting`. */
  readonly waitReason?: WaitReason
  readonly progress: UploadProgress
  /** Present in state `done`. */
  readonly result?: UploadResult
}

export type TabCommand = 'pause' | 'resume' | 'cancel'

/** An upload of this tab as seen by {@link Tabs}. */
export interface SharedUpload {
  readonly upload: Upload
  /** Its status in this tab; it waits while another tab has the upload. */
  status(): UploadStatus
  /** Called with the status that the other tab, for which this one waits, has sent. */
  heard(status: StatusMessage): void
  /** Called when the other tab is gone and this one has the upload. @param paused whether it was paused there */
  tookOver(paused: boolean): void
}

/** One upload's lock on its content, and what is known of the same upload in other tabs. */
export interface OtherTabs {
  /** The last status from the tab that has the upload; `null` if that is this tab, or none has come yet. */
  readonly lastStatus: StatusMessage | null
  /** The server's id of the upload; `null` until another tab has sent it. */
  readonly id: string | null
  /** The result from the other tab; not yet verified to be of this file. */
  finished: UploadResult | null
  /**
   * Resolves once this upload has the lock. It keeps the lock, also while paused, until {@link leave}. Rejects with the
   * signal's reason when it is aborted first.
   */
  take(
    identity: string,
    signal: AbortSignal,
    onWait: (reason: 'same-file' | 'other-tab') => void,
  ): Promise<void>
  /** Sends this upload's status to other tabs. */
  publish(): void
  /** Tells other tabs how the upload ended, unless `silently`, and releases the lock. */
  leave(how?: 'silently'): void
  /** Sends a command to the tab that has the upload. */
  command(command: TabCommand): void
  /**
   * Asks the other tab to cancel. Resolves once `ended` is settled, after {@link letGo}, or if no answer comes for
   * long.
   */
  cancel(ended: Promise<unknown>): Promise<void>
  /** The other tab does not have the upload any more. */
  letGo(): void
}

/** Connects this tab's uploads with those of other tabs. */
export interface Tabs {
  join(upload: SharedUpload): OtherTabs
  close(): void
}

/** Without messages between tabs: a tab waits while another has the same file, and shows nothing of it. */
export function silentTabs(locks: ContentLocks): Tabs {
  return {
    join() {
      let release: (() => void) | null = null
      return {
        lastStatus: null,
        id: null,
        finished: null,
        async take(...request) {
          release ??= await locks.acquire(...request)
        },
        leave() {
          release?.()
          release = null
        },
        publish: () => undefined,
        command: () => undefined,
        cancel: () => Promise.resolve(),
        letGo: () => undefined,
      }
    },
    close: () => undefined,
  }
}
