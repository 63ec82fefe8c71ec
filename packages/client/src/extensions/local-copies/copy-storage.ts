import type { Crc64Part, Crc64Type } from '@carryon/hash'

/** What of a file outlives the page: a handle to it, or a copy of what the store has not acknowledged. */

/** This browser's own storage, as far as it lasts over a reload. Any call may reject: then nothing is kept. */
export interface CopyStorage {
  /** What is known of each file. */
  readonly sources: SourceMemory
  /** The copies themselves. */
  readonly blocks: BlockStore
  /** Bytes of a block, as far as the grain of an upload allows. */
  readonly blockSize: number
  /** Bytes that the browser would still let this origin store. */
  freeSpace(): Promise<number>
}

/** Where the content of an unfinished upload can be had from, without anybody picking it again. */
export interface RememberedSource {
  /** The fingerprint of the file. */
  readonly identity: string
  /** The server's id of the upload that it is for. */
  readonly id: string
  /** As it was picked. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Media type; may be empty. */
  readonly type: string
  /** Bytes of each block but the last; absent: an earlier version has copied, or nothing is. */
  readonly blockSize?: number
  /** Unix milliseconds: when the server sweeps the upload, as it said last. */
  readonly expiresAt: number
  /** Somebody paused it: it does not go on by itself. */
  readonly paused: boolean
  /** To the file itself. */
  readonly handle?: FileSystemFileHandle
  /** Which CRC-64 is meant; absent: `crc64ecma`. */
  readonly crc64Type?: Crc64Type
  /**
   * CRC-64s of all of the file, range after range, of the one state of it that was copied. Without them the copy is
   * not whole, or was not shown to be of one state, and is not used.
   */
  readonly crcs?: readonly Crc64Part[]
}

/** A source with a copy that was shown to be of one state. */
export type CopiedSource = RememberedSource & Required<Pick<RememberedSource, 'blockSize' | 'crcs'>>

/** Whether there is a whole copy, as this version makes them. What an earlier one has copied is not used. */
export function isCopied(source: RememberedSource): source is CopiedSource {
  return source.blockSize !== undefined && source.crcs !== undefined
}

/** What is known of each file whose upload is unfinished, by its fingerprint. */
export interface SourceMemory {
  /** `null` when nothing is known of it. */
  get(identity: string): Promise<RememberedSource | null>
  /** All of them, in any order. */
  all(): Promise<readonly RememberedSource[]>
  /** Replaces what is known of this fingerprint. */
  put(source: RememberedSource): Promise<void>
  /** Also resolves when nothing is known of it. */
  delete(identity: string): Promise<void>
}

/** Copies of blocks, each with its index from 0. */
export interface BlockStore {
  /**
   * Copies all of `slice`.
   *
   * @param grain bytes
   * @returns CRC-64 of each grain in order; the last may be shorter
   */
  write(
    identity: string,
    index: number,
    slice: Blob,
    crc64Type: Crc64Type,
    grain: number,
    signal: AbortSignal,
  ): Promise<readonly Crc64Part[]>
  /** Indexes of which there is a copy, perhaps one that a crash cut short. */
  indexes(identity: string): Promise<ReadonlySet<number>>
  /** The copies themselves, read lazily. */
  open(identity: string): Promise<ReadonlyMap<number, Blob>>
  /** One Blob of several, in their order, read lazily. */
  join(slices: readonly Blob[]): Blob
  /** Removes one copy; also resolves when there is none. */
  free(identity: string, index: number): Promise<void>
  /** All of one file. */
  drop(identity: string): Promise<void>
  /** Drops the copies of all files but those that `wanted` answers, which is asked once it is known what there is. */
  retainOnly(wanted: () => Promise<readonly string[]>): Promise<void>
}
