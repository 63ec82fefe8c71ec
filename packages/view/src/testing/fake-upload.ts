import {
  UploadError,
  type FinishedUpload,
  type OnDuplicate,
  type Upload,
  type UploadProgress,
  type UploadResult,
  type UploadSnapshot,
} from '@carryon/client'

/** What a test or a demo wants to see of an upload; the rest follows from the file. */
export type Shown = Partial<Omit<UploadSnapshot, 'progress'>> & {
  readonly progress?: Partial<UploadProgress>
}

export interface FakeUpload extends Upload {
  /** Puts the upload into a state, as the engine would after something happened. */
  show(shown: Shown): void
  /** Called instead of cancelling at once; reject to play a cancel that does not get through. */
  onCancel: () => Promise<void>
  /** Plays that the content is stored already: asks `onDuplicate`, and ends or goes on as it answers. */
  find(stored: FinishedUpload): Promise<void>
}

/** An upload that sends nothing and changes only when told to, or by its own pause, resume and cancel. */
export function createFakeUpload(
  file: Upload['file'],
  id: string,
  onDuplicate: OnDuplicate = 'copy',
): FakeUpload {
  let question = new AbortController()
  const listeners = new Set<(snapshot: UploadSnapshot) => void>()
  let settle: { resolve: (result: UploadResult) => void; reject: (error: UploadError) => void } | undefined
  const done = new Promise<UploadResult>((resolve, reject) => (settle = { resolve, reject }))
  // Nobody may be listening; a failed demo row is not an unhandled rejection.
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

/** As the engine keeps it: a reason only while waiting, an error only when failed, a result only when done. */
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
