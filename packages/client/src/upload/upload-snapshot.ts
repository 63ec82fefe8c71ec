import type { UploadStatus } from '../core/state.js'
import type { StatusMessage } from './other-tabs.js'
import type { DuplicateCheck, UploadProgress, UploadSnapshot } from '../upload-types.js'

/** What is shown of an upload beside its status. */
export interface Shown {
  /** What another tab tells of it; `null` while it is this one that has it. */
  readonly lastStatus: StatusMessage | null
  /** Counted here. */
  readonly progress: UploadProgress
  readonly resumedBytes: number
  readonly duplicate: DuplicateCheck | null
}

export function snapshotOf(
  status: UploadStatus,
  { lastStatus, progress, resumedBytes, duplicate }: Shown,
): UploadSnapshot {
  return {
    lastError: null,
    ...status,
    progress: lastStatus?.progress ?? progress,
    resumedBytes,
    ...(lastStatus === null ? duplicate !== null && { duplicate } : { otherTab: otherTabOf(lastStatus) }),
  }
}

function otherTabOf({ state, waitReason }: StatusMessage): NonNullable<UploadSnapshot['otherTab']> {
  return { state, ...(waitReason !== undefined && { waitReason }) }
}

/** All of it is stored. */
export function allOf(progress: UploadProgress): UploadProgress {
  const { total } = progress
  return { ...progress, loaded: total, sent: total, percent: 100, speed: null, secondsLeft: null, lost: 0 }
}
