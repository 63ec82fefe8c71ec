import { FileReadTimeout, readSlice } from './read-slice.js'
import { readTogether } from './read-together.js'

/** Size in bytes of the buffer that a slice is read into. */
const bufferSize = 1024 * 1024
/** Bytes read at once if streams cannot fill our own buffer; large enough to read fast. */
const chunkSize = 4 * 1024 * 1024

/**
 * Buffers for reuse. With a new one for each read, the browser is slow to collect the garbage: reading four parts in
 * parallel took 110 MiB more in Chromium 156, compared with 13 MiB more with reuse.
 */
const idleBuffers: ArrayBuffer[] = []

/**
 * Active readers. Without a reference from here, Chromium 156 may collect a reader as garbage while it waits, and the
 * read never ends.
 */
const readers = new Set<ReadableStreamBYOBReader>()

/** Receives bytes. They are overwritten after it has returned and the returned promise, if any, has resolved. */
export type Feed = (bytes: Uint8Array<ArrayBuffer>) => Promise<void> | void

/**
 * Reads the slices in order, in bounded memory whatever their size.
 *
 * Rejects with a `TransportError` of reason `source-…` when the bytes cannot be read completely, and with the signal's
 * reason when aborted.
 *
 * @param feed called with the bytes in order
 */
export async function feedSlices(slices: readonly Blob[], feed: Feed, signal: AbortSignal): Promise<void> {
  if (slices.every(({ size }) => size <= bufferSize)) {
    await feedWhole(slices, readTogether, feed, signal)
    return
  }
  for (const slice of slices) {
    const fed = await feedFromStream(slice, feed, signal)
    // Create the slices for the rest only if needed, because each one costs messages between the browser's processes.
    if (fed < slice.size) await feedWhole(cut(slice.slice(fed)), readSlice, feed, signal)
  }
}

/**
 * Returns how many bytes the stream delivered. If not all, the caller reads the rest in another way, which succeeds or
 * gives the cause: in Chromium a stream's error has no cause, and Safari's streams fail beyond 4 GiB.
 */
async function feedFromStream(slice: Blob, feed: Feed, signal: AbortSignal): Promise<number> {
  const reader = readerOf(slice)
  if (reader === null) return 0
  readers.add(reader)
  const timeout = new FileReadTimeout()
  let fed = 0
  let buffer = idleBuffers.pop() ?? new ArrayBuffer(bufferSize)
  try {
    for (;;) {
      const answer = await timeout.with(reader.read(new Uint8Array(buffer))).catch(() => null)
      signal.throwIfAborted()
      if (answer?.value === undefined) return fed
      buffer = answer.value.buffer
      if (answer.done) {
        idleBuffers.push(buffer)
        return fed
      }
      await feed(answer.value)
      fed += answer.value.byteLength
    }
  } finally {
    timeout.end()
    readers.delete(reader)
    reader.cancel().catch(() => undefined)
  }
}

/** `null` if a Blob's stream cannot fill our own buffer. */
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
  read: (chunk: Blob) => Promise<Uint8Array<ArrayBuffer>>,
  feed: Feed,
  signal: AbortSignal,
): Promise<void> {
  const reading: { readonly size: number; readonly bytes: Promise<Uint8Array<ArrayBuffer>> }[] = []
  let next = 0
  let ahead = 0
  // Read ahead while earlier bytes are hashed, and read small chunks in parallel.
  const readAhead = (): void => {
    for (let chunk = chunks[next]; chunk !== undefined; chunk = chunks[next]) {
      if (reading.length > 0 && ahead + chunk.size > chunkSize) return
      const bytes = read(chunk)
      bytes.catch(() => undefined)
      reading.push({ size: chunk.size, bytes })
      ahead += chunk.size
      next++
    }
  }
  readAhead()
  for (let first = reading.shift(); first !== undefined; first = reading.shift()) {
    const bytes = await first.bytes
    signal.throwIfAborted()
    ahead -= first.size
    readAhead()
    await feed(bytes)
  }
}
