import type { ObjectRecord } from './object-record.js'

/** Versioning status of a bucket; once enabled, it can only be suspended. */
export type VersioningStatus = 'Enabled' | 'Suspended'

/** Identifies the version of a record; see {@link ObjectRecord}. */
type Versioned = Pick<ObjectRecord, 'sequence' | 'versionId'>

/** Id of a version stored while versioning was off or suspended. A key has at most one. */
export const nullVersion = 'null'

export function versionIdOf({ versionId }: Versioned): string {
  return versionId ?? nullVersion
}

export function sequenceOf({ sequence }: Versioned): number {
  return sequence ?? 0
}

const largest = 2n ** 64n - 1n

/**
 * Version id in the format of the real store: a 64-bit number that counts down, in decimal, in Base64. So the
 * newest version of a key comes first when ids are sorted.
 *
 * @param sequence microseconds since the epoch.
 */
export function versionIdAt(sequence: number): string {
  return Buffer.from(String(largest - BigInt(sequence))).toString('base64url')
}

/** Digits of a version id, usable as a file name on case-insensitive file systems; `null` if the id is invalid. */
export function versionDigits(versionId: string): string | null {
  if (versionId === nullVersion) return nullVersion
  const digits = Buffer.from(versionId, 'base64url').toString('latin1')
  return /^\d{20}$/.test(digits) && Buffer.from(digits).toString('base64url') === versionId ? digits : null
}

/** Sequence that {@link versionIdAt} was given; 0 for the `null` version or an invalid id. */
export function sequenceAt(versionId: string): number {
  const digits = versionDigits(versionId)
  return digits === null || digits === nullVersion ? 0 : Number(largest - BigInt(digits))
}

/** Issues increasing version numbers for a bucket. */
export class VersionNumbers {
  #last = 0

  /**
   * @param now milliseconds since the epoch.
   * @param after number of the previous version, which may come from a clock that was ahead.
   */
  next(now: number, after: number): number {
    this.#last = Math.max(Math.floor(now * 1000), after + 1, this.#last + 1)
    return this.#last
  }
}
