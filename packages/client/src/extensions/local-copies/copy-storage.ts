import type { Crc64Part, Crc64Type } from '@carryon/hash'

/** What outlives the page: a handle to the file, or a copy of the bytes that the store has not acknowledged. */

/** Storage of this browser that survives a reload. Every call may reject; the data is then not kept. */
export interface CopyStorage {
  /** Remembered sources of files. */
  readonly sources: SourceMemory
  /** Copies of blocks. */
  readonly blocks: BlockStore
  /** Wanted bytes of a block; rounded up to a multiple of the upload's grain. */
  readonly blockSize: number
  /** Bytes that the browser still allows this origin to store. */
  freeSpace(): Promise<number>
}

/** Where to read the content of an unfinished upload without a new pick. */
export interface RememberedSource {
  /** The fingerprint of the file. */
  readonly identity: string
  /** The server's id of its upload. */
  readonly id: string
  /** Name of the picked file. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Media type; may be empty. */
  readonly type: string
  /** Bytes of each block but the last; absent: there is no copy, or one of an earlier version. */
  readonly blockSize?: number
  /** Unix milliseconds: when the server will sweep the upload, as last reported. */
  readonly expiresAt: number
  /** The user paused it: it is not resumed automatically. */
  readonly paused: boolean
  /** Handle to the file. */
  readonly handle?: FileSystemFileHandle
  /** Type of the CRC-64s; absent: `crc64ecma`. */
  readonly crc64Type?: Crc64Type
  /**
   * CRC-64s of consecutive ranges that cover the whole file, all of the one state that was copied. Without them the
   * copy is incomplete or not proven consistent, and is not used.
   */
  readonly crcs?: readonly Crc64Part[]
}

/** A source with a copy that is proven consistent. */
export type CopiedSource = RememberedSource & Required<Pick<RememberedSource, 'blockSize' | 'crcs'>>

/** Whether there is a complete copy in this version's format. Copies of earlier versions are not used. */
export function isCopied(source: RememberedSource): source is CopiedSource {
  return source.blockSize !== undefined && source.crcs !== undefined
}

/** Remembered sources of unfinished uploads, by fingerprint. */
export interface SourceMemory {
  /** `null` if there is none. */
  get(identity: string): Promise<RememberedSource | null>
  /** All of them, in any order. */
  all(): Promise<readonly RememberedSource[]>
  /** Replaces the source of this fingerprint. */
  put(source: RememberedSource): Promise<void>
  /** Also resolves if there is none. */
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
  /** Indexes of blocks that have a copy, perhaps truncated by a crash. */
  indexes(identity: string): Promise<ReadonlySet<number>>
  /** The copies themselves, read lazily. */
  open(identity: string): Promise<ReadonlyMap<number, Blob>>
  /** Joins several Blobs in order; read lazily. */
  join(slices: readonly Blob[]): Blob
  /** Removes one copy; also resolves when there is none. */
  free(identity: string, index: number): Promise<void>
  /** Removes all copies of one file. */
  drop(identity: string): Promise<void>
  /**
   * Removes the copies of all files except those that `wanted` returns; `wanted` is called after the existing copies
   * were listed.
   */
  retainOnly(wanted: () => Promise<readonly string[]>): Promise<void>
}
