import type { UploadError, UploadResult, UploadState, WaitReason } from '../upload-types.js'

/** Details of a wait that ends with another attempt. */
export interface NextAttempt {
  readonly lastError: UploadError | null
  /** Unix milliseconds. */
  readonly retryAt: number
  readonly host?: string
}

/** An event in the life of an upload. */
export type UploadEvent =
  | { readonly type: 'identify' }
  | { readonly type: 'open' }
  | { readonly type: 'transfer' }
  | { readonly type: 'finish' }
  | { readonly type: 'wait'; readonly reason: WaitReason; readonly next?: NextAttempt }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'fail'; readonly error: UploadError }
  | { readonly type: 'cancel' }
  | { readonly type: 'succeed'; readonly result: UploadResult }

/** The state of an upload, with exactly the data that belongs to that state. */
export type UploadStatus =
  | { readonly state: Exclude<UploadState, 'waiting' | 'failed' | 'done'> }
  | ({ readonly state: 'waiting'; readonly waitReason: WaitReason } & Partial<NextAttempt>)
  | { readonly state: 'failed'; readonly error: UploadError }
  | { readonly state: 'done'; readonly result: UploadResult }

/** The state after each event, whatever the state before. */
export const stateAfter = {
  wait: 'waiting',
  identify: 'identifying',
  open: 'opening',
  transfer: 'uploading',
  finish: 'finishing',
  pause: 'paused',
  resume: 'waiting',
  fail: 'failed',
  cancel: 'cancelled',
  succeed: 'done',
} as const satisfies Readonly<Record<UploadEvent['type'], UploadState>>

type Heard = readonly UploadEvent['type'][]
const underWay: Heard = ['wait', 'pause', 'fail', 'cancel']
// A stopped upload can still succeed: the server's answer was on its way, or comes in reply to the cancellation.
const stopped: Heard = ['resume', 'cancel', 'succeed']

/**
 * The events that each state accepts. Other events change nothing: they come late, from work that was stopped
 * meanwhile.
 */
export const transitions: Readonly<Record<UploadState, Heard>> = {
  waiting: [...underWay, 'identify', 'open', 'transfer', 'finish', 'succeed'],
  // Directly to finishing: resumed after everything was sent and only the last answer was lost.
  identifying: [...underWay, 'open', 'finish'],
  // Directly to finishing: an earlier page had sent everything and the complete request. Back to identifying: an
  // earlier upload of this owner may be the same file.
  opening: [...underWay, 'transfer', 'finish', 'identify'],
  // Back to opening: the store has lost the multipart upload.
  uploading: [...underWay, 'finish', 'open'],
  // Back to uploading: the store lacks a part, or holds another one under its number.
  finishing: [...underWay, 'succeed', 'transfer', 'open'],
  paused: stopped,
  failed: stopped,
  done: [],
  cancelled: [],
}

/** The state after `event`; `status` itself when the event changes nothing. */
export function reduce(status: UploadStatus, event: UploadEvent): UploadStatus {
  if (!transitions[status.state].includes(event.type)) return status
  switch (event.type) {
    case 'wait':
      return { state: 'waiting', waitReason: event.reason, ...nextAfter(status, event.next) }
    case 'resume':
      return { state: 'waiting', waitReason: 'queue' }
    case 'fail':
      return { state: 'failed', error: event.error }
    case 'succeed':
      return { state: 'done', result: event.result }
    default:
      return { state: stateAfter[event.type] }
  }
}

/** Keeps the earlier error object if the same error occurs again. */
function nextAfter(status: UploadStatus, next: NextAttempt | undefined): Partial<NextAttempt> {
  const before = 'lastError' in status ? status.lastError : null
  const isSame = before?.code === next?.lastError?.code && before?.message === next?.lastError?.message
  return isSame && before !== null ? { ...next, lastError: before } : { ...next }
}

/** Whether the upload has stopped for good; a failed one may still be resumed. */
export function hasEnded({ state }: { readonly state: UploadState }): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}
