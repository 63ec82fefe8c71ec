import type {
  FinishedUpload,
  LimitsAnswer,
  UnfinishedUpload,
  Upload,
  Uploader,
  UploadOptions,
} from '@carryon/client'
import { createFakeUpload, type FakeUpload } from './fake-upload.js'

export interface FakeUploader extends Uploader {
  readonly uploads: readonly FakeUpload[]
  /** `how`: the server's id (generated if omitted), or the upload's options. */
  upload(file: Upload['file'], how?: string | UploadOptions): FakeUpload
  /** What the server's upload records answer; set `error` to make the calls fail. */
  records: {
    /** Whether the browser can remember picked files. */
    remembers: boolean
    unfinished: UnfinishedUpload[]
    finished: FinishedUpload[]
    error: Error | null
    /** Upload limits; `null` if the server does not report them. */
    limits: LimitsAnswer | null
  }
}

/**
 * An uploader without network, server or store, for component tests and for showing the page in any state.
 *
 * @example
 * const uploader = createFakeUploader()
 * uploader.upload({ name: 'a.mp4', size: 5e9, type: '' }).show({ state: 'paused', progress: { loaded: 2e9 } })
 */
export function createFakeUploader(): FakeUploader {
  const listeners = new Set<(uploads: readonly Upload[]) => void>()
  let uploads: FakeUpload[] = []
  let nextId = 1
  const records: FakeUploader['records'] = {
    remembers: true,
    unfinished: [],
    finished: [],
    error: null,
    limits: null,
  }

  function changed(): void {
    for (const listener of listeners) listener(uploads)
  }

  function add(file: Upload['file'], how: string | UploadOptions): FakeUpload {
    const [id, { onDuplicate = 'copy' }] = typeof how === 'string' ? [how, {}] : [`fake-${nextId++}`, how]
    const upload = createFakeUpload(file, id, onDuplicate)
    uploads.push(upload)
    changed()
    return upload
  }

  return {
    records,
    get uploads() {
      return uploads
    },
    get remembers() {
      return records.remembers
    },
    picked: async () => undefined,
    upload: (file, how = {}) => add(file, how),
    remove: (upload) => {
      uploads = uploads.filter((other) => other !== upload)
      changed()
    },
    unfinished: async () => {
      if (records.error) throw records.error
      return records.unfinished
    },
    unfinishedHere: async () => records.unfinished.filter(({ state }) => state === 'queued'),
    finished: async ({ limit = 50, cursor = '0' } = {}) => {
      if (records.error) throw records.error
      const start = Number(cursor)
      const end = start + limit
      const next = end < records.finished.length ? String(end) : null
      return { uploads: records.finished.slice(start, end), next }
    },
    removeFinished: async (id) => {
      if (records.error) throw records.error
      records.finished = records.finished.filter((finished) => finished.id !== id)
    },
    renameFinished: async (id, name) => {
      const found = records.finished.find((finished) => finished.id === id)
      if (found === undefined) throw new Error('not found')
      const renamed = { ...found, name }
      records.finished = records.finished.map((finished) => (finished === found ? renamed : finished))
      return renamed
    },
    limits: async () => records.limits,
    retryNow: () => undefined,
    on: (_event, listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      for (const upload of uploads) upload.pause()
    },
  }
}
