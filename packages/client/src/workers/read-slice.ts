import { TransportError } from '../ports.js'

/** A read of a vanished file never ends in WebKit. Milliseconds; a disk that spins up takes some seconds. */
const readTimeout = 20_000

/**
 * The bytes of a slice, all of them or an error: Firefox answers fewer bytes for a truncated file, without error.
 *
 * Rejects with a `TransportError` of reason `source-changed` or `source-unreadable`.
 */
export async function readSlice(slice: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const timeout = new FileReadTimeout()
  try {
    const buffer = await timeout.with(slice.arrayBuffer())
    if (buffer.byteLength !== slice.size) {
      throw new TransportError('source-changed', 'The file has become shorter since it was picked.')
    }
    return new Uint8Array(buffer)
  } catch (error) {
    throw sourceError(error)
  } finally {
    timeout.end()
  }
}

/** Waits for reads one after the other, for each so long. One timer for all of them: one each took 3 % of the worker's time. */
export class FileReadTimeout {
  readonly #overdue: Promise<never>
  readonly #timer: ReturnType<typeof setInterval>
  #begunAt = performance.now()

  constructor() {
    let giveUp: (error: Error) => void
    this.#overdue = new Promise<never>((_, reject) => {
      giveUp = reject
    })
    // Nobody may be waiting when a page that slept wakes up.
    this.#overdue.catch(() => undefined)
    this.#timer = setInterval(() => {
      if (performance.now() - this.#begunAt < readTimeout) return
      giveUp(new TransportError('source-unreadable', 'Reading the file does not get on; is it still there?'))
    }, readTimeout / 10)
  }

  /** What the read answers, or a `TransportError` of reason `source-unreadable` when it does not get on. */
  with<T>(reading: Promise<T>): Promise<T> {
    this.#begunAt = performance.now()
    return Promise.race([reading, this.#overdue])
  }

  end(): void {
    clearInterval(this.#timer)
  }
}

/** Reads one byte. Resolves when the file can still be read; rejects as {@link readSlice}. */
export async function probeSlice(slice: Blob): Promise<void> {
  await readSlice(slice.slice(0, 1))
}

/**
 * What a failed read means. Chromium and Node: `NotReadableError` after a change, `NotFoundError` after a removal;
 * Firefox: `AbortError` after a removal; WebKitGTK 2.50: `NotFoundError` after either (File API, "Reading a File": the
 * names are those of the specification).
 */
function sourceError(error: unknown): TransportError {
  if (error instanceof TransportError) return error
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  return name === 'NotReadableError'
    ? new TransportError(
        'source-changed',
        'The file was changed since it was picked, or cannot be read.',
        error,
      )
    : new TransportError(
        'source-unreadable',
        'The file cannot be read: was it moved, changed or deleted?',
        error,
      )
}
