import type { FinishedUpload, Upload, UploadSnapshot } from '@carryon/client'
import { shallowRef, type ShallowRef } from 'vue'
import { remedyFor } from './remedy.js'

/** Whether a cancel can still be taken back, is under way, or did not get through. */
export type Cancelling = 'no' | 'soon' | 'yes' | 'failed'

/** One upload as the page shows it. The engine's objects stay as they are; only the snapshot is watched. */
export interface UploadRow {
  /** Unique on this page. */
  readonly key: number
  readonly upload: Upload
  /** As of the last frame. */
  readonly snapshot: Readonly<ShallowRef<UploadSnapshot>>
  readonly cancelling: ShallowRef<Cancelling>
  /** When this page saw it finish. */
  finishedAt: Date | null
  /** Finished before the uploads of now began, so it does not count into their percent. */
  settled: boolean
}

export function createUploadRow(
  upload: Upload,
  key: number,
): UploadRow & { readonly snapshot: ShallowRef<UploadSnapshot> } {
  return {
    key,
    upload,
    snapshot: shallowRef(upload.snapshot),
    cancelling: shallowRef('no'),
    finishedAt: null,
    settled: false,
  }
}

/** Whether leaving the page now would interrupt it. */
export function isActive({ state, waitReason }: UploadSnapshot): boolean {
  switch (state) {
    case 'identifying':
    case 'opening':
    case 'uploading':
    case 'finishing':
      return true
    case 'waiting':
      // What waits for another tab or another row goes on there; of what is only asked about nothing was sent.
      return waitReason !== 'other-tab' && waitReason !== 'same-file' && waitReason !== 'choice'
    case 'paused':
    case 'done':
    case 'failed':
    case 'cancelled':
      return false
  }
}

/** Of an upload that another tab has, what can be done there. */
export function canPause(snapshot: UploadSnapshot): boolean {
  const { state, waitReason } = snapshot.otherTab ?? snapshot
  switch (state) {
    case 'identifying':
    case 'opening':
    case 'uploading':
      return true
    case 'waiting':
      return waitReason !== 'same-file' && waitReason !== 'choice'
    case 'paused':
    case 'finishing':
    case 'done':
    case 'failed':
    case 'cancelled':
      return false
  }
}

/** Whether it waits to be tried again, and could be tried now. */
export function canTryNow({ state, retryAt, otherTab }: UploadSnapshot): boolean {
  return state === 'waiting' && otherTab === undefined && retryAt !== undefined
}

/** The finished upload that its reader is asked about; `null` while there is no question. */
export function askedAbout({ state, waitReason, duplicate }: UploadSnapshot): FinishedUpload | null {
  return state === 'waiting' && waitReason === 'choice' ? (duplicate?.stored ?? null) : null
}

/** Whether it stands still because somebody paused it, here or in another tab. */
export function isPaused({ state, otherTab }: UploadSnapshot): boolean {
  return (otherTab?.state ?? state) === 'paused'
}

/** Bytes from which on a cancel is worth a question. */
const muchSent = 100e6
/** Seconds of sending, the same. */
const longSent = 60

/** Whether a cancel throws away so much that it is worth a question: many bytes, or, as far as known, a minute of sending. */
export function isMuchSent({ progress: { loaded, speed } }: UploadSnapshot): boolean {
  return loaded >= muchSent || (speed !== null && speed > 0 && loaded >= speed * longSent)
}

/** Whether trying again may help, without anything else being done. */
export function canRetry({ state, error }: UploadSnapshot): boolean {
  return state === 'failed' && error !== undefined && remedyFor(error.code) === 'retry'
}

/** Whether a cancel of everything is meant for it: what is about to be finished is not thrown away with the rest. */
export function isCancellable({ upload, cancelling }: UploadRow): boolean {
  const { state } = upload.snapshot
  return state !== 'done' && state !== 'finishing' && cancelling.value !== 'yes'
}
