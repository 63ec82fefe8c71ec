import type { FileSource } from '../../ports.js'
import type { Metadata } from '../../upload-types.js'

/** What is remembered of one picked file. */
export interface PickedFile {
  /** As it was picked, without its folder. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Media type; may be empty. */
  readonly type: string
  /** Unix milliseconds; `null` where nobody knows. */
  readonly lastModified: number | null
  /** Inside the folder that was picked. */
  readonly path?: string
  /** To the file itself, where the browser gives one. */
  readonly handle?: FileSystemFileHandle
}

/** Files that were picked together, or some of them when there are many. Never changed once written. */
export interface StoredPick {
  /** Random. */
  readonly id: string
  /** The page that picked them: it holds a lock of this name while it lives. */
  readonly queue: string
  /** The backend that they go to. */
  readonly scope: string
  /** Unix milliseconds. */
  readonly pickedAt: number
  /** Place of the first one among all that the page picked. */
  readonly first: number
  /** In the order of the pick. */
  readonly files: readonly PickedFile[]
}

/** What has become of one file since the pick. */
export interface FileMark {
  /** Done, cancelled or dismissed. */
  readonly ended?: true
  /** Somebody paused it, or it failed: it does not go on by itself. */
  readonly held?: boolean
  /** The server's id of its upload. */
  readonly uploadId?: string
  /** What the application said of it when it was picked. */
  readonly metadata?: Metadata
}

/** By the file's place in its pick. */
export type PickMarks = Readonly<Record<number, FileMark>>

/** One file of one pick. */
export interface FileKey {
  /** {@link StoredPick.id}. */
  readonly pick: string
  /** Place in the pick, from 0. */
  readonly index: number
}

/** What is written together: all of it, or nothing. */
export interface PickChange {
  /** New picks, or further files of one. */
  readonly added: readonly StoredPick[]
  /** By pick; joined with what was marked before. */
  readonly marks: ReadonlyMap<string, PickMarks>
  /** Picks of which every file has ended. */
  readonly removed: readonly string[]
}

/** Where picks are remembered beyond the page. Any call may reject: then that is not remembered. */
export interface PickStore {
  /** Writes all of the change, or nothing of it. */
  write(change: PickChange): Promise<void>
  /** Every pick with what has become of its files. */
  all(): Promise<readonly { readonly pick: StoredPick; readonly marks: PickMarks }[]>
  /** Copies whole files, all or none of them. */
  keepCopies(copies: readonly { readonly key: FileKey; readonly file: FileSource }[]): Promise<void>
  /** Files of which there is a copy. */
  copied(): Promise<readonly FileKey[]>
  /** The copy, read lazily; `null` when there is none, or not all of it. */
  copyOf(key: FileKey, file: PickedFile): Promise<FileSource | null>
  /** Removes copies; those that are not there count as removed. */
  dropCopies(keys: readonly FileKey[]): Promise<void>
  /** Bytes that the browser would still let this origin store. */
  freeSpace(): Promise<number>
}
