import { readSlice, withPatience } from './read-slice.js'

/** Bytes of the buffer that a slice is read through. */
const bufferSize = 1024 * 1024
/** Bytes read at once where streams cannot fill a buffer of ours: large enough to read fast. */
const chunkSize = 4 * 1024 * 1024

/**
 * Buffers that are read into again and again. A fresh one for each read is garbage that the browser takes its time
 * to collect: reading four parts side by side so took 110 MiB more in Chromium 156, and this 13.
 */
const idleBuffers: ArrayBuffer[] = []

/**
 * Readers under way. Nothing else may hold one while it waits, and Chromium 156 then collects it as garbage: the read
 * never ends.
 */
const readers = new Set<ReadableStreamBYOBReader>()

/**
 * Reads slices from beginning to end, one after the other, in bounded memory whatever their size.
 *
 * Rejects with a `TransportError` of reason `source-…` when the bytes cannot be had in full, with the signal's reason
 * when aborted.
 *
 * @param feed is given the bytes in order; they are overwritten once it has returned
 */
export async function feedSlices(
  slices: readonly Blob[],
  feed: (bytes: Uint8Array<ArrayBuffer>) => void,
  signal: AbortSignal,
): Promise<void> {
  if (slices.every(({ size }) => size <= bufferSize)) {
    await feedWhole(slices, feed, signal)
    return
  }
  for (const slice of slices) {
    const fed = await feedFromStream(slice, feed, signal)
    await feedWhole(cut(slice.slice(fed)), feed, signal)
  }
}

/**
 * Answers how many bytes the stream gave. When those are not all, reading the rest by other means succeeds or says
 * why not: a stream's error names no cause in Chromium, and Safari's fail beyond 4 GiB.
 */
async function feedFromStream(
  slice: Blob,
  feed: (bytes: Uint8Array<ArrayBuffer>) => void,
  signal: AbortSignal,
): Promise<number> {
  const reader = readerOf(slice)
  if (reader === null) return 0
  readers.add(reader)
  let fed = 0
  let buffer = idleBuffers.pop() ?? new ArrayBuffer(bufferSize)
  try {
    for (;;) {
      const answer = await withPatience(reader.read(new Uint8Array(buffer))).catch(() => null)
      signal.throwIfAborted()
      if (answer?.value === undefined) return fed
      buffer = answer.value.buffer
      if (answer.done) {
        idleBuffers.push(buffer)
        return fed
      }
      feed(answer.value)
      fed += answer.value.byteLength
    }
  } finally {
    readers.delete(reader)
    reader.cancel().catch(() => undefined)
  }
}

/** `null` where a Blob's stream cannot fill a buffer of ours. */
function readerOf(slice: Blob): ReadableStreamBYOBReader | null {
  try {
    return slice.stream().getReader({ mode: 'byob' })
  } catch {
    return null
  }
}

function cut(slice: Blob): readonly Blob[] {
  return Array.from({ length: Math.ceil(slice.size / chunkSize) }, (_, index) =>
    slice.slice(index * chunkSize, (index + 1) * chunkSize),
  )
}

async function feedWhole(
  chunks: readonly Blob[],
  feed: (bytes: Uint8Array<ArrayBuffer>) => void,
  signal: AbortSignal,
): Promise<void> {
  const begin = (chunk: Blob | undefined): Promise<Uint8Array<ArrayBuffer>> | undefined => {
    const reading = chunk === undefined ? undefined : readSlice(chunk)
    reading?.catch(() => undefined)
    return reading
  }
  let reading = begin(chunks[0])
  for (let next = 1; reading !== undefined; next++) {
    const bytes = await reading
    signal.throwIfAborted()
    // Reading goes on while these are hashed.
    reading = begin(chunks[next])
    feed(bytes)
  }
}
