import type { FileSource } from '../../ports.js'
import type { Metadata } from '../../upload-types.js'

/** What is remembered of one picked file. */
export interface PickedFile {
  /** File name when picked, without its folder. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Media type; may be empty. */
  readonly type: string
  /** Unix milliseconds; `null` if unknown. */
  readonly lastModified: number | null
  /** Path inside the picked folder. */
  readonly path?: string
  /** Handle to the file, if the browser provides one. */
  readonly handle?: FileSystemFileHandle
}

/** Files that were picked together, or some of them if there are many. Never changed once written. */
export interface StoredPick {
  /** Random. */
  readonly id: string
  /** Id of the page that picked them: the page holds a lock of this name while it lives. */
  readonly queue: string
  /** Address of the backend that they are uploaded to. */
  readonly scope: string
  /** Unix milliseconds. */
  readonly pickedAt: number
  /** Position of the first file among all files that the page picked. */
  readonly first: number
  /** In the order of the pick. */
  readonly files: readonly PickedFile[]
}

/** State of one file since the pick. */
export interface FileMark {
  /** Done, cancelled or dismissed. */
  readonly ended?: true
  /** The user paused it, or it failed: it is not resumed automatically. */
  readonly held?: boolean
  /** The server's id of its upload. */
  readonly uploadId?: string
  /** Metadata that the application passed when it was picked. */
  readonly metadata?: Metadata
}

/** Marks by the file's position in its pick. */
export type PickMarks = Readonly<Record<number, FileMark>>

/** One file of one pick. */
export interface FileKey {
  /** {@link StoredPick.id}. */
  readonly pick: string
  /** Position in the pick, from 0. */
  readonly index: number
}

/** Changes that are written in one transaction. */
export interface PickChange {
  /** New picks, or more files of one. */
  readonly added: readonly StoredPick[]
  /** Marks by pick id; merged with earlier marks. */
  readonly marks: ReadonlyMap<string, PickMarks>
  /** Ids of picks whose files have all ended. */
  readonly removed: readonly string[]
}

/** Stores picks beyond the life of the page. Every call may reject; its data is then not remembered. */
export interface PickStore {
  /** Writes the whole change, or nothing. */
  write(change: PickChange): Promise<void>
  /** All picks with the marks of their files. */
  all(): Promise<readonly { readonly pick: StoredPick; readonly marks: PickMarks }[]>
  /** Copies whole files, all or none of them. */
  keepCopies(copies: readonly { readonly key: FileKey; readonly file: FileSource }[]): Promise<void>
  /** Keys of files that have a copy. */
  copied(): Promise<readonly FileKey[]>
  /** The copy, read lazily; `null` if there is none, or it is incomplete. */
  copyOf(key: FileKey, file: PickedFile): Promise<FileSource | null>
  /** Removes copies; missing ones are ignored. */
  dropCopies(keys: readonly FileKey[]): Promise<void>
  /** Bytes that the browser still allows this origin to store. */
  freeSpace(): Promise<number>
}
