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

type Transitions = Readonly<Record<UploadState, Readonly<Partial<Record<UploadEvent['type'], UploadState>>>>>

const stop = { wait: 'waiting', pause: 'paused', fail: 'failed', cancel: 'cancelled' } as const

/**
 * Every transition there is. An event that a state does not name changes nothing: it is the late event of work
 * that was stopped in the meantime.
 */
export const transitions: Transitions = {
  waiting: {
    ...stop,
    identify: 'identifying',
    open: 'opening',
    transfer: 'uploading',
    finish: 'finishing',
    succeed: 'done',
  },
  // Straight to finishing: resumed after everything was sent and only the last answer was lost.
  identifying: { ...stop, open: 'opening', finish: 'finishing' },
  // Straight to finishing: an earlier page had sent everything and asked to finish. Back to identifying: what this
  // owner has stored before may be this very file.
  opening: { ...stop, transfer: 'uploading', finish: 'finishing', identify: 'identifying' },
  // Back to opening: the store has lost the multipart upload.
  uploading: { ...stop, finish: 'finishing', open: 'opening' },
  // Back to uploading: the store lacks a part, or holds another one under its number.
  finishing: { ...stop, succeed: 'done', transfer: 'uploading', open: 'opening' },
  // Done although it was stopped: the server's answer was on its way, or comes with the answer to a cancel.
  paused: { resume: 'waiting', cancel: 'cancelled', succeed: 'done' },
  failed: { resume: 'waiting', cancel: 'cancelled', succeed: 'done' },
  done: {},
  cancelled: {},
}

/** The state after `event`; `status` itself when the event changes nothing. */
export function reduce(status: UploadStatus, event: UploadEvent): UploadStatus {
  const state = transitions[status.state][event.type]
  if (state === undefined) return status
  switch (event.type) {
    case 'wait':
      return { state: 'waiting', waitReason: event.reason, ...nextAfter(status, event.next) }
    case 'resume':
      return { state: 'waiting', waitReason: 'queue' }
    case 'fail':
      return { state: 'failed', error: event.error }
    case 'succeed':
      return { state: 'done', result: event.result }
    case 'identify':
      return { state: 'identifying' }
    case 'open':
      return { state: 'opening' }
    case 'transfer':
      return { state: 'uploading' }
    case 'finish':
      return { state: 'finishing' }
    case 'pause':
      return { state: 'paused' }
    case 'cancel':
      return { state: 'cancelled' }
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
