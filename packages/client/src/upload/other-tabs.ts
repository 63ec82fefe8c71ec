import type { UploadStatus } from '../core/state.js'
import type { Upload, UploadProgress, UploadResult, UploadState, WaitReason } from '../upload-types.js'
import type { ContentLocks } from './content-locks.js'

/** What the tab that has an upload says of it. */
export interface StatusMessage {
  /** The server's id, once open. */
  readonly id: string | null
  /** Of its file; absent from tabs of an earlier version. */
  readonly name?: string
  readonly state: UploadState
  /** Present in state `waiting`. */
  readonly waitReason?: WaitReason
  readonly progress: UploadProgress
  /** Present in state `done`. */
  readonly result?: UploadResult
}

export type TabCommand = 'pause' | 'resume' | 'cancel'

/** An upload of this tab, as it meets those of other tabs. */
export interface SharedUpload {
  readonly upload: Upload
  /** Here: it waits while another tab has the upload. */
  status(): UploadStatus
  /** Another tab, for which this one waits, said how its upload stands. */
  heard(status: StatusMessage): void
  /** The other tab is gone, and this one has the upload now. @param paused whether it stood still there */
  tookOver(paused: boolean): void
}

/** One upload's lock on its content, and what is known of the same upload in other tabs. */
export interface OtherTabs {
  /** What was heard last from the tab that has the upload; `null` when it is this one, or none was heard. */
  readonly lastStatus: StatusMessage | null
  /** The server's; `null` while no other tab has told one. */
  readonly id: string | null
  /** What the other tab has made of it; whether that is of this file is still to be shown. */
  finished: UploadResult | null
  /**
   * Resolves once this upload has the lock, which lasts over pauses until {@link leave}. Rejects with the signal's reason
   * when it is aborted first.
   */
  take(
    identity: string,
    signal: AbortSignal,
    onWait: (reason: 'same-file' | 'other-tab') => void,
  ): Promise<void>
  /** Tells other tabs how this upload stands. */
  publish(): void
  /** Says how it ended, unless `silently`, and lets the next one have it. */
  leave(how?: 'silently'): void
  /** To the tab that has the upload. */
  command(command: TabCommand): void
  /** Has it cancelled there. Resolves once `ended` is settled, after {@link letGo}, or when no answer comes for long. */
  cancel(ended: Promise<unknown>): Promise<void>
  /** The other tab has it no more. */
  letGo(): void
}

/** How this tab's uploads meet those of others. */
export interface Tabs {
  join(upload: SharedUpload): OtherTabs
  close(): void
}

/** Tabs that do not hear of each other: one waits while another has the same file, and shows nothing of it. */
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
