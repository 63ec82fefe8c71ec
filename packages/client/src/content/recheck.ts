import { aboutFile, fileChanged } from '../core/upload-errors.js'
import type { FileSource, Hasher } from '../ports.js'
import { sampleRanges } from './fingerprint.js'
import type { Fingerprint } from './fingerprint.js'

/** Reads the ranges of the identity again. Rejects with `file-changed`. */
export async function recheckSamples(
  {
    context,
    file,
    fingerprint,
  }: {
    readonly context: { readonly hasher: Hasher }
    readonly file: FileSource
    readonly fingerprint: Fingerprint
  },
  signal: AbortSignal,
): Promise<void> {
  const samples = sampleRanges(file.size).map(({ start, end }) => file.slice(start, end))
  const { sha256 = '' } = await context.hasher.hash(samples, ['sha256'], signal)
  if (!fingerprint.identity.endsWith(sha256)) throw fileChanged(aboutFile(file))
}

/**
 * In Chromium a read of a file whose time has changed since it was picked fails by itself; Firefox and WebKit hand
 * out the new bytes.
 */
export function failsWhenChanged(file: FileSource): boolean {
  return file.failsWhenChanged ?? 'chrome' in globalThis
}
