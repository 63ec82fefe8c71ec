import {
  UploadError,
  type FinishedUpload,
  type OnDuplicate,
  type Upload,
  type UploadProgress,
  type UploadResult,
  type UploadSnapshot,
} from '@carryon/client'

/** Properties of the upload that a test or demo sets; the others are derived from the file. */
export type Shown = Partial<Omit<UploadSnapshot, 'progress'>> & {
  readonly progress?: Partial<UploadProgress>
}

export interface FakeUpload extends Upload {
  /** Puts the upload into a state, as the engine does after an event. */
  show(shown: Shown): void
  /** Called by `cancel`; reject to simulate a cancel that fails. */
  onCancel: () => Promise<void>
  /**
   * Simulates that the content is already stored: asks `onDuplicate`, and finishes or uploads depending on the answer.
   */
  find(stored: FinishedUpload): Promise<void>
}

/** An upload that sends nothing and changes only through `show`, `find`, `pause`, `resume` and `cancel`. */
export function createFakeUpload(
  file: Upload['file'],
  id: string,
  onDuplicate: OnDuplicate = 'copy',
): FakeUpload {
  let question = new AbortController()
  const listeners = new Set<(snapshot: UploadSnapshot) => void>()
  let settle: { resolve: (result: UploadResult) => void; reject: (error: UploadError) => void } | undefined
  const done = new Promise<UploadResult>((resolve, reject) => (settle = { resolve, reject }))
  // Nobody may be awaiting it, and a failed demo row must not become an unhandled rejection.
  done.catch(() => undefined)
  let snapshot: UploadSnapshot = {
    state: 'identifying',
    resumedBytes: 0,
    lastError: null,
    progress: {
      loaded: 0,
      sent: 0,
      total: file.size,
      percent: 0,
      speed: null,
      secondsLeft: null,
      givenUp: 0,
      lost: 0,
    },
  }

  const upload: FakeUpload = {
    file,
    id,
    done,
    get snapshot() {
      return snapshot
    },
    on: (_event, listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    show: (shown) => {
      snapshot = merge(snapshot, shown)
      if (snapshot.state === 'done' && snapshot.result) settle?.resolve(snapshot.result)
      if (snapshot.state === 'failed' && snapshot.error) settle?.reject(snapshot.error)
      for (const listener of listeners) listener(snapshot)
    },
    find: async (stored) => {
      upload.show({ state: 'waiting', waitReason: 'choice', duplicate: { stored, compared: file.size } })
      question = new AbortController()
      const { signal } = question
      const choice =
        typeof onDuplicate === 'string' ? onDuplicate : await onDuplicate({ file, stored }, signal)
      if (signal.aborted) return
      if (choice === 'copy') upload.show({ state: 'uploading' })
      else {
        const { url, size } = stored
        const result = {
          id: stored.id,
          url,
          key: stored.id,
          size,
          crc64: null,
          crc64Type: 'crc64ecma',
          verified: [],
          reused: true,
        } as const
        upload.show({ state: 'done', result })
      }
    },
    pause: () => {
      question.abort()
      upload.show({ state: 'paused' })
    },
    resume: () => upload.show({ state: 'uploading' }),
    onCancel: async () => undefined,
    cancel: async () => {
      question.abort()
      await upload.onCancel()
      upload.show({ state: 'cancelled', error: new UploadError('cancelled', 'Cancelled') })
    },
  }
  return upload
}

/** As in the engine: a wait reason only while waiting, an error only when failed, a result only when done. */
function merge(before: UploadSnapshot, shown: Shown): UploadSnapshot {
  const state = shown.state ?? before.state
  const total = before.progress.total
  const loaded = state === 'done' ? total : (shown.progress?.loaded ?? before.progress.loaded)
  const sent = Math.max(loaded, shown.progress?.sent ?? loaded)
  const percent = total > 0 ? (sent / total) * 100 : state === 'done' ? 100 : 0
  const duplicate = shown.duplicate ?? before.duplicate
  const compared = state === 'identifying' || shown.waitReason === 'choice'
  const error = shown.error ?? before.error
  const result = shown.result ?? before.result
  const waits = state === 'waiting'
  return {
    state,
    lastError: (waits ? shown.lastError : null) ?? null,
    ...(waits && shown.retryAt !== undefined ? { retryAt: shown.retryAt } : {}),
    ...(waits && shown.host !== undefined ? { host: shown.host } : {}),
    resumedBytes: shown.resumedBytes ?? before.resumedBytes,
    progress: {
      total,
      loaded,
      sent,
      percent,
      speed: shown.progress?.speed ?? null,
      secondsLeft: shown.progress?.secondsLeft ?? null,
      givenUp: shown.progress?.givenUp ?? 0,
      lost: shown.progress?.lost ?? 0,
    },
    ...(state === 'waiting' ? { waitReason: shown.waitReason ?? before.waitReason ?? 'queue' } : {}),
    ...(state === 'waiting' && shown.otherTab ? { otherTab: shown.otherTab } : {}),
    ...(compared && duplicate ? { duplicate } : {}),
    ...(state === 'failed' && error ? { error } : {}),
    ...(state === 'done' && result ? { result } : {}),
  }
}
