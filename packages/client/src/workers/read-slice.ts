import { TransportError } from '../ports.js'

/**
 * Timeout of a read, because WebKit never ends a read of a removed file; a disk may take seconds to spin up.
 * Milliseconds.
 */
const readTimeout = 20_000

/**
 * Reads all bytes of a slice or rejects: for a truncated file, Firefox returns fewer bytes without an error.
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

/**
 * Timeout for a series of reads. One timer serves all of them, because one for each read took 3 % of the worker's time.
 */
export class FileReadTimeout {
  readonly #overdue: Promise<never>
  readonly #timer: ReturnType<typeof setInterval>
  #begunAt = performance.now()

  constructor() {
    let giveUp: (error: Error) => void
    this.#overdue = new Promise<never>((_, reject) => {
      giveUp = reject
    })
    // The timer may fire while no read is awaited, for example after the page was suspended.
    this.#overdue.catch(() => undefined)
    this.#timer = setInterval(() => {
      if (performance.now() - this.#begunAt < readTimeout) return
      giveUp(new TransportError('source-unreadable', 'Reading the file does not get on; is it still there?'))
    }, readTimeout / 10)
  }

  /** The result of the read; rejects with a `TransportError` of reason `source-unreadable` after the timeout. */
  with<T>(reading: Promise<T>): Promise<T> {
    this.#begunAt = performance.now()
    return Promise.race([reading, this.#overdue])
  }

  end(): void {
    clearInterval(this.#timer)
  }
}

/** Reads one byte. Resolves when the file can still be read; rejects like {@link readSlice}. */
export async function probeSlice(slice: Blob): Promise<void> {
  await readSlice(slice.slice(0, 1))
}

/**
 * Interprets a failed read. Chromium and Node: `NotReadableError` after a change, `NotFoundError` after a removal;
 * Firefox: `AbortError` after a removal; WebKitGTK 2.50: `NotFoundError` after either (names from the File API,
 * "Reading a File").
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
