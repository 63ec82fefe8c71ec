import type { Crc64Type } from '@carryon/hash'
import { aboutFile, fileChanged } from '../core/upload-errors.js'
import type { Digests, FileSource, Hasher } from '../ports.js'

/**
 * Identifies a file's content, to find its upload again. Layout 1:
 *
 * - `1:<size>:<sha256>`: the size in bytes, decimal, and the SHA-256, lower-case hex, of the sampled bytes.
 * - A file of at most 4 MiB is sampled whole.
 * - From a larger one, 16 ranges of 256 KiB are sampled in order: range i (0 to 15) begins at byte
 *   floor(i · (size − 256 KiB) / 15). So the first and the last bytes are included, and no two ranges overlap.
 *
 * Neither name nor time is part of it, so a renamed or re-downloaded copy is found too. It only finds candidates;
 * whether the content is equal is verified part by part.
 */
export interface Fingerprint {
  readonly identity: string
  /** Base64 MD5 of the whole content, for files that may go as one PUT; `null` for larger ones. */
  readonly md5: string | null
  /** MD5 and CRC-64 of the whole content of such files, so that it is not read twice. `null` for larger ones. */
  readonly digests: Digests | null
  /** CRC-64 type of `digests`. */
  readonly crc64Type: Crc64Type
}

const sampleSize = 256 * 1024
const sampleCount = 16
/** Files up to this size are sampled whole: equal identities are equal contents. Bytes. */
export const sampledWhole = sampleSize * sampleCount

/** Files up to this size may be hashed whole and offered as one signed PUT. Bytes. */
export const smallFileSize = 8 * 1024 * 1024
/** A file of this size is always a single upload, because no store accepts smaller parts. Bytes. */
const alwaysOne = 1024 * 1024

/**
 * Size in bytes of the largest file that is sent as a single upload: one that the line carries so quickly that sending
 * it again from the beginning does not matter.
 *
 * @param most bytes that may be in flight at once; `null` while the speed is unknown
 */
export function largestSingle(most: number | null): number {
  return Math.min(smallFileSize, Math.max(alwaysOne, most ?? 0))
}

/** The ranges of layout 1, start inclusive, end exclusive. */
export function sampleRanges(size: number): readonly { readonly start: number; readonly end: number }[] {
  if (size <= sampledWhole) return [{ start: 0, end: size }]
  return Array.from({ length: sampleCount }, (_, index) => {
    const start = Math.floor((index * (size - sampleSize)) / (sampleCount - 1))
    return { start, end: start + sampleSize }
  })
}

/**
 * Reads at most 4 MiB of a large file, all of a small one, and nothing of one whose content is known.
 *
 * @param crc64Type CRC-64 type of the store that a small file will probably be sent to
 * @param singleUpTo size in bytes of the largest single upload, at most {@link smallFileSize}
 *
 * Rejects with a `TransportError` of reason `source-…` when the bytes cannot be read.
 */
export async function computeFingerprint(
  file: FileSource,
  hasher: Hasher,
  crc64Type: Crc64Type,
  signal: AbortSignal,
  singleUpTo = smallFileSize,
): Promise<Fingerprint> {
  const unread = { md5: null, digests: null, crc64Type }
  if (file.known !== undefined) return { ...unread, identity: contentIdentity(file.known.identity) }
  const isSingle = file.size <= singleUpTo
  if (file.size <= sampledWhole && isSingle) {
    const { sha256, ...digests } = await hasher.hash([wholeOf(file)], ['sha256', 'md5', crc64Type], signal)
    return { identity: identityOf(file.size, sha256), md5: base64OfHex(digests.md5), digests, crc64Type }
  }
  // Each slice costs a browser half a millisecond on the calling thread, so create only those that are read.
  const samples = samplesOf(file)
  if (!isSingle) {
    const { sha256 } = await hasher.hash(samples, ['sha256'], signal)
    return { ...unread, identity: identityOf(file.size, sha256) }
  }
  const [{ sha256 }, digests] = await Promise.all([
    hasher.hash(samples, ['sha256'], signal),
    hasher.hash([wholeOf(file)], ['md5', crc64Type], signal),
  ])
  return { identity: identityOf(file.size, sha256), md5: base64OfHex(digests.md5), digests, crc64Type }
}

/**
 * The fingerprint of an upload's file. The server appends `~…` to tell apart uploads of different files with the same
 * fingerprint.
 */
export function contentIdentity(ofUpload: string): string {
  return ofUpload.replace(/~.*/, '')
}

function identityOf(size: number, sha256: string | undefined): string {
  return `1:${size}:${answered(sha256)}`
}

/** @param hex MD5 from the hasher; throws if it is missing */
export function base64OfHex(hex: string | undefined): string {
  const bytes = answered(hex).match(/../g) ?? []
  return btoa(String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 16))))
}

function answered(hex: string | undefined): string {
  if (hex === undefined) throw new TypeError('The hasher did not answer what it was asked for.')
  return hex
}

/**
 * The whole file as a Blob. A `File` is returned as it is: slicing costs a browser at least half a millisecond on the
 * calling thread, and once its size was read, Chromium refuses to read a changed `File` just like a slice.
 */
export function wholeOf(file: FileSource): Blob {
  return file instanceof Blob ? file : file.slice(0, file.size)
}

function samplesOf(file: FileSource): readonly Blob[] {
  return sampleRanges(file.size).map(({ start, end }) => file.slice(start, end))
}

/** A file that was read before, to compare with what it is now. */
export interface ReadBefore {
  readonly context: { readonly hasher: Hasher; readonly recheck: 'samples' | 'full' | undefined }
  readonly file: FileSource
  readonly fingerprint: Fingerprint
}

/**
 * Reads the sampled ranges again, if that is enough to detect a change. Rejects with `file-changed`.
 *
 * @returns `false` if it is not enough: nothing was read, and the caller has to read the whole file
 */
export async function recheckSamples(
  { context, file, fingerprint }: ReadBefore,
  signal: AbortSignal,
): Promise<boolean> {
  if ((context.recheck ?? (failsWhenChanged(file) ? 'samples' : 'full')) === 'full') return false
  const { sha256 = '' } = await context.hasher.hash(samplesOf(file), ['sha256'], signal)
  if (!fingerprint.identity.endsWith(sha256)) throw fileChanged(aboutFile(file))
  return true
}

/**
 * In Chromium, reading a file whose modification time has changed since it was picked fails by itself; Firefox and
 * WebKit return the new bytes.
 */
export function failsWhenChanged(file: FileSource): boolean {
  return file.failsWhenChanged ?? 'chrome' in globalThis
}
