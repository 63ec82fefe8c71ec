import type { FileSource } from '../../ports.js'
import type { Metadata, UploadSnapshot } from '../../upload-types.js'
import type { FileKey, PickedFile } from './pick-store.js'

/** What the queue observes of an upload. */
export interface FollowedUpload {
  readonly id: string | null
  readonly file: FileSource
  readonly metadata?: Metadata
  readonly snapshot: UploadSnapshot
  on(event: 'change', listener: (snapshot: UploadSnapshot) => void): () => void
}

/** A remembered file and its state in this page. */
export interface QueuedFile {
  /** `pick` is empty until the file is being written. */
  key: FileKey
  readonly picked: PickedFile
  /** Unix milliseconds. */
  readonly pickedAt: number
  /** Position among all files that one page picked. */
  readonly place: number
  /** Source that this page reads; `null` until this page continues the file. */
  source: FileSource | null
  /** Its upload in this page; `null` while there is none. */
  upload: FollowedUpload | null
  /** Done, cancelled or dismissed. */
  ended: boolean
  held: boolean
  uploadId: string | null
  metadata?: Metadata
  /** Whether there is a copy of the whole file. */
  copied: boolean
}

/** A remembered file in its initial state. */
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

/** Whether its upload still waits for its turn, so that nothing has been read yet. */
export function hasNotBegun({ upload }: QueuedFile): boolean {
  return upload?.snapshot.state === 'waiting' && upload.snapshot.waitReason === 'queue'
}
