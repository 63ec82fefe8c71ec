import { FileReadTimeout, readSlice } from './read-slice.js'
import { readTogether } from './read-together.js'

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

/** Takes bytes, which are overwritten once it has returned, and what it returned has resolved. */
export type Feed = (bytes: Uint8Array<ArrayBuffer>) => Promise<void> | void

/**
 * Reads slices from beginning to end, one after the other, in bounded memory whatever their size.
 *
 * Rejects with a `TransportError` of reason `source-…` when the bytes cannot be had in full, with the signal's reason
 * when aborted.
 *
 * @param feed is given the bytes in order
 */
export async function feedSlices(slices: readonly Blob[], feed: Feed, signal: AbortSignal): Promise<void> {
  if (slices.every(({ size }) => size <= bufferSize)) {
    await feedWhole(slices, readTogether, feed, signal)
    return
  }
  for (const slice of slices) {
    const fed = await feedFromStream(slice, feed, signal)
    // Each slice is one more that the browser's processes tell each other of.
    if (fed < slice.size) await feedWhole(cut(slice.slice(fed)), readSlice, feed, signal)
  }
}

/**
 * Answers how many bytes the stream gave. When those are not all, reading the rest by other means succeeds or says
 * why not: a stream's error names no cause in Chromium, and Safari's fail beyond 4 GiB.
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
  read: (chunk: Blob) => Promise<Uint8Array<ArrayBuffer>>,
  feed: Feed,
  signal: AbortSignal,
): Promise<void> {
  const reading: { readonly size: number; readonly bytes: Promise<Uint8Array<ArrayBuffer>> }[] = []
  let next = 0
  let ahead = 0
  // Reading goes on while what is read is hashed, and small chunks are read side by side.
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
