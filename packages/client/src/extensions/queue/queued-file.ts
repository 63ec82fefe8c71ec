import type { FileSource } from '../../ports.js'
import type { Metadata, UploadSnapshot } from '../../upload-types.js'
import type { FileKey, PickedFile } from './pick-store.js'

/** What the queue wants to know of an upload. */
export interface FollowedUpload {
  readonly id: string | null
  readonly file: FileSource
  readonly metadata?: Metadata
  readonly snapshot: UploadSnapshot
  on(event: 'change', listener: (snapshot: UploadSnapshot) => void): () => void
}

/** A remembered file as this page knows it. */
export interface QueuedFile {
  /** Its pick is empty until the file is being written. */
  key: FileKey
  readonly picked: PickedFile
  /** Unix milliseconds. */
  readonly pickedAt: number
  /** Place among all that one page picked. */
  readonly place: number
  /** What this page reads it from; `null` while it has not taken it up. */
  source: FileSource | null
  /** Its upload in this page; `null` while there is none. */
  upload: FollowedUpload | null
  /** Done, cancelled or dismissed. */
  ended: boolean
  held: boolean
  uploadId: string | null
  metadata?: Metadata
  /** Whether there is a copy. */
  copied: boolean
}

/** A file as it is remembered, before this page has done anything about it. */
export function queuedFile(known: Pick<QueuedFile, 'key' | 'picked' | 'pickedAt' | 'place'>): QueuedFile {
  return {
    ...known,
    source: null,
    upload: null,
    ended: false,
    held: false,
    uploadId: null,
    copied: false,
  }
}

/** Whether nothing has been read of it yet: it waits for its turn. */
export function hasNotBegun({ upload }: QueuedFile): boolean {
  return upload?.snapshot.state === 'waiting' && upload.snapshot.waitReason === 'queue'
}
