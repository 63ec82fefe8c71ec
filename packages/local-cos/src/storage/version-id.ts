import type { ObjectRecord } from './object-record.js'

/** Whether a bucket keeps versions; once it did, it can only be told to make no more. */
export type VersioningStatus = 'Enabled' | 'Suspended'

/** Which version of its key a record is of; see {@link ObjectRecord}. */
type Versioned = Pick<ObjectRecord, 'sequence' | 'versionId'>

/** The id of a version that was stored while the bucket made none. A key has one of them at most. */
export const nullVersion = 'null'

export function versionIdOf({ versionId }: Versioned): string {
  return versionId ?? nullVersion
}

export function sequenceOf({ sequence }: Versioned): number {
  return sequence ?? 0
}

const largest = 2n ** 64n - 1n

/**
 * The id of a version as the real store makes it: 64 bits that count down, in decimal, in Base64. So the newest of a key
 * comes first where ids are sorted.
 *
 * @param sequence microseconds since the epoch.
 */
export function versionIdAt(sequence: number): string {
  return Buffer.from(String(largest - BigInt(sequence))).toString('base64url')
}

/** The digits in an id, which are safe in a file name where names have no case; `null` for what is no id. */
export function versionDigits(versionId: string): string | null {
  if (versionId === nullVersion) return nullVersion
  const digits = Buffer.from(versionId, 'base64url').toString('latin1')
  return /^\d{20}$/.test(digits) && Buffer.from(digits).toString('base64url') === versionId ? digits : null
}

/** What {@link versionIdAt} was given; 0 for `null`, which nothing tells. */
export function sequenceAt(versionId: string): number {
  const digits = versionDigits(versionId)
  return digits === null || digits === nullVersion ? 0 : Number(largest - BigInt(digits))
}

/** Numbers the versions of a store, each higher than all before. */
export class VersionNumbers {
  #last = 0

  /**
   * @param now milliseconds since the epoch.
   * @param after the number of a version that comes before, maybe given by a clock that was ahead.
   */
  next(now: number, after: number): number {
    this.#last = Math.max(Math.floor(now * 1000), after + 1, this.#last + 1)
    return this.#last
  }
}
