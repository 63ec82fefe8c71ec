import { TransportError } from '../ports.js'
import type { FileSource } from '../ports.js'

/** A file of a few bytes that can be changed after it was picked, as each engine shows it. */
export class SimFile implements FileSource {
  readonly size: number
  readonly type = 'application/octet-stream'
  readonly lastModified = 0
  readonly failsWhenChanged: boolean
  readonly name: string
  #bytes: Uint8Array
  #trouble: 'changed' | 'gone' | null = null

  /** @param failsWhenChanged as in Chromium; otherwise reads silently return new bytes, as in Firefox */
  constructor(bytes: Uint8Array, name = 'film.mp4', failsWhenChanged = false) {
    this.#bytes = bytes
    this.size = bytes.length
    this.name = name
    this.failsWhenChanged = failsWhenChanged
  }

  get bytes(): Uint8Array {
    return this.#bytes
  }

  slice(start: number, end: number): Blob {
    return new SimSlice(this, start, Math.min(end, this.size))
  }

  /** Replaces the bytes. `keepsTime`: without a visible change of time. */
  edit(bytes: Uint8Array, keepsTime = false): void {
    this.#bytes = bytes
    if (this.failsWhenChanged && !keepsTime) this.#trouble = 'changed'
  }

  remove(): void {
    this.#trouble = 'gone'
  }

  read(start: number, end: number): Uint8Array {
    if (this.#trouble === 'gone') throw new TransportError('source-unreadable', 'The file is gone.')
    if (this.#trouble === 'changed' || this.#bytes.length < end) {
      throw new TransportError('source-changed', 'The file was changed.')
    }
    return this.#bytes.slice(start, end)
  }
}

/** A view of a range; its bytes are determined when it is read. */
export class SimSlice extends Blob {
  readonly #file: SimFile
  readonly #start: number
  readonly #end: number

  constructor(file: SimFile, start: number, end: number) {
    super()
    this.#file = file
    this.#start = start
    this.#end = end
  }

  override get size(): number {
    return this.#end - this.#start
  }

  override slice(start = 0, end = this.size): Blob {
    return new SimSlice(this.#file, this.#start + start, this.#start + Math.min(end, this.size))
  }

  read(): Uint8Array {
    return this.#file.read(this.#start, this.#end)
  }
}

/** The current bytes of slices of a {@link SimFile}. */
export function readSlices(slices: readonly Blob[]): Uint8Array {
  const chunks = slices.map((slice) => {
    if (!(slice instanceof SimSlice))
      throw new TypeError('The simulation reads slices of its own files only.')
    return slice.read()
  })
  return new Uint8Array(Buffer.concat(chunks))
}
