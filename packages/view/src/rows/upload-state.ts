import type { FinishedUpload, UploadSnapshot } from '@carryon/client'
import { remedyFor } from './remedy.js'

/** Whether leaving the page now would interrupt it. */
export function isActive({ state, waitReason }: UploadSnapshot): boolean {
  switch (state) {
    case 'identifying':
    case 'opening':
    case 'uploading':
    case 'finishing':
      return true
    case 'waiting':
      // Uploads that wait for another tab or row continue there; of those that wait for an answer, nothing was sent.
      return waitReason !== 'other-tab' && waitReason !== 'same-file' && waitReason !== 'choice'
    case 'paused':
    case 'done':
    case 'failed':
    case 'cancelled':
      return false
  }
}

/** Whether it can be paused; an upload of another tab is paused there. */
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

/** Whether it waits for a retry that could be made now. */
export function canTryNow({ state, retryAt, otherTab }: UploadSnapshot): boolean {
  return state === 'waiting' && otherTab === undefined && retryAt !== undefined
}

/** The finished upload that the question is about; `null` while there is no question. */
export function askedAbout({ state, waitReason, duplicate }: UploadSnapshot): FinishedUpload | null {
  return state === 'waiting' && waitReason === 'choice' ? (duplicate?.stored ?? null) : null
}

/** Whether it is paused, here or in another tab. */
export function isPaused({ state, otherTab }: UploadSnapshot): boolean {
  return (otherTab?.state ?? state) === 'paused'
}

/** Bytes from which on a cancel asks for confirmation. */
const muchSent = 100e6
/** Seconds of sending from which on a cancel asks for confirmation. */
const longSent = 60

/** Whether a cancel would discard enough to ask for confirmation: many bytes or, as far as known, a minute of sending. */
export function isMuchSent({ progress: { loaded, speed } }: UploadSnapshot): boolean {
  return loaded >= muchSent || (speed !== null && speed > 0 && loaded >= speed * longSent)
}

/** Whether a retry may help without any other action. */
export function canRetry({ state, error }: UploadSnapshot): boolean {
  return state === 'failed' && error !== undefined && remedyFor(error.code) === 'retry'
}
