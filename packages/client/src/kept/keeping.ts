import type { Crc64Type } from '@carryon/object-store'
import type { PartRun } from '@carryon/protocol'

/** What of a file outlives the page: a handle to it, or a copy of the parts that the store has not acknowledged. */

/** This browser's own storage, as far as it lasts over a reload. Any call may reject: then nothing is kept. */
export interface Keeping {
  readonly sources: SourceMemory
  readonly pieces: PieceStore
  /** Bytes that the browser would still let this origin store. */
  room(): Promise<number>
}

/** Where the content of an unfinished upload can be had from, without anybody picking it again. */
export interface RememberedSource {
  readonly identity: string
  /** The server's id of the upload that it is for. */
  readonly id: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly type: string
  /** How the file is cut into pieces. */
  readonly runs: readonly PartRun[]
  /** Unix milliseconds: when the server sweeps the upload, as it said last. */
  readonly expiresAt: number
  /** Somebody paused it: it does not go on by itself. */
  readonly paused: boolean
  /** To the file itself. */
  readonly handle?: FileSystemFileHandle
  /** Which CRC-64 is meant; absent: `crc64ecma`. */
  readonly crc64Type?: Crc64Type
  /**
   * CRC-64 of each part in order, unsigned decimal, of the one state of the file that was copied. Without it the
   * copy is not whole, or was not shown to be of one state, and is not used.
   */
  readonly crcs?: readonly string[]
}

export interface SourceMemory {
  get(identity: string): Promise<RememberedSource | null>
  all(): Promise<readonly RememberedSource[]>
  put(source: RememberedSource): Promise<void>
  delete(identity: string): Promise<void>
}

/** Copies of parts. */
export interface PieceStore {
  /** Copies all of `slice`; resolves with its CRC-64, unsigned decimal. */
  keep(
    identity: string,
    partNumber: number,
    slice: Blob,
    crc64Type: Crc64Type,
    signal: AbortSignal,
  ): Promise<string>
  /** Part numbers of which there is a copy, perhaps one that a crash cut short. */
  partNumbers(identity: string): Promise<ReadonlySet<number>>
  /** The copies themselves, read lazily. */
  open(identity: string): Promise<ReadonlyMap<number, Blob>>
  free(identity: string, partNumber: number): Promise<void>
  /** All of one file. */
  drop(identity: string): Promise<void>
  /** Drops the copies of all files but those that `wanted` answers, which is asked once it is known what there is. */
  keepOnly(wanted: () => Promise<readonly string[]>): Promise<void>
}
