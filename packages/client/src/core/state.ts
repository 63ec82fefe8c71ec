import type { UploadError, UploadResult, UploadState, WaitReason } from '../upload-types.js'

/** What is known of a wait that ends with another attempt. */
export interface NextAttempt {
  readonly lastError: UploadError | null
  /** Unix milliseconds. */
  readonly retryAt: number
  readonly host?: string
}

/** What happens to an upload. */
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

/** Where an upload stands, with what belongs to that state and nothing else. */
export type UploadStatus =
  | { readonly state: Exclude<UploadState, 'waiting' | 'failed' | 'done'> }
  | ({ readonly state: 'waiting'; readonly waitReason: WaitReason } & Partial<NextAttempt>)
  | { readonly state: 'failed'; readonly error: UploadError }
  | { readonly state: 'done'; readonly result: UploadResult }

/** Where each event leads, in whatever state it is heard. */
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
// Done although it was stopped: the server's answer was on its way, or comes with the answer to a cancel.
const stopped: Heard = ['resume', 'cancel', 'succeed']

/**
 * The events that each state hears. Any other changes nothing: it is the late event of work that was stopped in the
 * meantime.
 */
export const transitions: Readonly<Record<UploadState, Heard>> = {
  waiting: [...underWay, 'identify', 'open', 'transfer', 'finish', 'succeed'],
  // Straight to finishing: resumed after everything was sent and only the last answer was lost.
  identifying: [...underWay, 'open', 'finish'],
  // Straight to finishing: an earlier page had sent everything and asked to finish. Back to identifying: what this
  // owner has stored before may be this very file.
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

/** What fails the same way again is the same error. */
function nextAfter(status: UploadStatus, next: NextAttempt | undefined): Partial<NextAttempt> {
  const before = 'lastError' in status ? status.lastError : null
  const isSame = before?.code === next?.lastError?.code && before?.message === next?.lastError?.message
  return isSame && before !== null ? { ...next, lastError: before } : { ...next }
}

/** Whether nothing happens to it any more by itself; a failed one may be told to go on. */
export function hasEnded({ state }: { readonly state: UploadState }): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}
