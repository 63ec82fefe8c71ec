import { Busboy, type BusboyInstance } from '@fastify/busboy'
import type { Readable } from 'node:stream'
import { CosError } from '../errors.js'
import type { FormFields } from './form-fields.js'

/** Maximum bytes before the file's content. It also limits each field, so no other limit is needed. */
const maxFieldSection = 64 * 1024

/** Bytes buffered for the file's reader; enough to accept each socket chunk without waiting. */
const highWater = 1024 * 1024

/** The file of a form: its name as given in the form, and its content as a stream. */
export interface FormFile {
  readonly name: string
  readonly content: Readable
}

/**
 * Parses `multipart/form-data` as it arrives: first the fields, then the file as a stream with back-pressure.
 * Anything after the file is ignored.
 */
export class FormParser {
  /** Resolves when the file begins; all relevant fields have been read by then. */
  readonly opened: Promise<FormFile>
  readonly #parser: BusboyInstance
  readonly #fields = new Map<string, string>()
  #file: FormFile | undefined
  #fed = 0
  #failure: Error | undefined
  #wake = (): void => undefined

  /** @throws {@link CosError} `MalformedPOSTRequest` if there is no usable boundary. */
  constructor(contentType: string) {
    try {
      this.#parser = new Busboy({
        headers: { 'content-type': contentType },
        highWaterMark: highWater,
        limits: { files: 1, fieldSize: maxFieldSection },
        // Decides by name only: other fields may have a file name, and the file may have none.
        isPartAFile: (name) => name?.toLowerCase() === 'file',
      })
    } catch (error) {
      throw malformed('its Content-Type has no usable boundary', error)
    }
    this.opened = new Promise((resolve) => {
      this.#parser.on('file', (_field, content, name: string | undefined) => {
        // If the form ends early, the file's stream fails too, perhaps before it has a reader.
        content.on('error', () => undefined)
        if (this.#failure !== undefined) {
          content.resume()
          return
        }
        this.#file = { name: name ?? '', content }
        resolve(this.#file)
      })
    })
    this.#parser
      // A part may lack a name, although the parser's types exclude it.
      .on('field', (name: string | undefined, value) => this.#addField((name ?? '').toLowerCase(), value))
      .on('error', (error) => this.fail(malformed('it ends before its last boundary', error)))
  }

  get fields(): FormFields {
    return this.#fields
  }

  /** Reason the parser stopped accepting data. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** Resolves when the parser can accept more. @throws {@link CosError} `MalformedPOSTRequest` */
  async write(chunks: readonly Buffer[]): Promise<void> {
    for (const chunk of chunks) {
      if (!this.#feed(chunk)) await this.#drained()
      if (this.#failure !== undefined) throw this.#failure
    }
  }

  /**
   * Call after the last chunk; resolves when the file's content has been read.
   *
   * @throws {@link CosError} `MalformedPOSTRequest`
   */
  async end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      this.#parser.once('finish', resolve)
      this.#parser.end()
    })
    if (this.#failure !== undefined) throw this.#failure
    if (this.#file === undefined) throw malformed('it has no file')
  }

  /** Stops parsing and fails the file's stream. The first error is kept. */
  fail(error: Error): void {
    this.#failure ??= error
    this.#file?.content.destroy()
    this.#wake()
  }

  /** Returns `false` if the caller must wait for the parser. */
  #feed(chunk: Buffer): boolean {
    if (this.#file !== undefined) return this.#parser.write(chunk)
    const head = chunk.subarray(0, maxFieldSection - this.#fed)
    this.#fed += head.length
    const ready = this.#parser.write(head)
    if (head.length === chunk.length) return ready
    // `write` reports a file immediately, because nothing before it is buffered.
    if (!this.#hasFile()) throw malformed(`its fields have more than ${maxFieldSection} bytes`)
    return this.#parser.write(chunk.subarray(head.length))
  }

  #hasFile(): boolean {
    return this.#file !== undefined
  }

  #addField(name: string, value: string): void {
    if (this.#hasFile()) return
    // Otherwise the policy might check one field while the other is stored.
    if (this.#fields.has(name)) this.fail(malformed(`it has two fields ${name}`))
    this.#fields.set(name, value)
  }

  async #drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      this.#parser.once('drain', resolve)
    })
  }
}

function malformed(why: string, cause?: unknown): CosError {
  return new CosError(
    'MalformedPOSTRequest',
    `The body is not a well-formed upload form: ${why}. Nothing was stored.`,
    { cause },
  )
}
