import { Busboy, type BusboyInstance } from '@fastify/busboy'
import type { Readable } from 'node:stream'
import { CosError } from '../errors.js'
import type { FormFields } from './form-fields.js'

/** Bytes that everything before the file's content may have. As each field is within it, no other limit is needed. */
const maxFieldSection = 64 * 1024

/** Bytes that may wait for the file's reader; with so many each chunk of a socket is taken without a turn of waiting. */
const highWater = 1024 * 1024

/** The file of a form: its name as the form tells it, and its content as a stream. */
export interface FormFile {
  readonly name: string
  readonly content: Readable
}

/**
 * `multipart/form-data` as it comes in: first the fields, then the file as a stream, whose reader holds the sender back.
 * What follows the file is skipped.
 */
export class FormParser {
  /** Resolves when the file begins: all fields that count are there then. */
  readonly opened: Promise<FormFile>
  readonly #parser: BusboyInstance
  readonly #fields = new Map<string, string>()
  #file: FormFile | undefined
  #fed = 0
  #failure: Error | undefined
  #wake = (): void => undefined

  /** @throws {@link CosError} `MalformedPOSTRequest` without a usable boundary. */
  constructor(contentType: string) {
    try {
      this.#parser = new Busboy({
        headers: { 'content-type': contentType },
        highWaterMark: highWater,
        limits: { files: 1, fieldSize: maxFieldSection },
        // By its name alone: other fields may come with a file name, and the file without one.
        isPartAFile: (name) => name?.toLowerCase() === 'file',
      })
    } catch (error) {
      throw malformed('its Content-Type has no usable boundary', error)
    }
    this.opened = new Promise((resolve) => {
      this.#parser.on('file', (_field, content, name: string | undefined) => {
        // A form that ends early fails its file too, perhaps before anybody reads it.
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
      // The parser's types do not say so, but a part may lack its name.
      .on('field', (name: string | undefined, value) => this.#addField((name ?? '').toLowerCase(), value))
      .on('error', (error) => this.fail(malformed('it ends before its last boundary', error)))
  }

  get fields(): FormFields {
    return this.#fields
  }

  /** Why nothing is taken any more. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** Resolves when the parser can take more. @throws {@link CosError} `MalformedPOSTRequest` */
  async write(chunks: readonly Buffer[]): Promise<void> {
    for (const chunk of chunks) {
      if (!this.#feed(chunk)) await this.#drained()
      if (this.#failure !== undefined) throw this.#failure
    }
  }

  /** After the last chunk; resolves when the file's content has been read. @throws {@link CosError} `MalformedPOSTRequest` */
  async end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      this.#parser.once('finish', resolve)
      this.#parser.end()
    })
    if (this.#failure !== undefined) throw this.#failure
    if (this.#file === undefined) throw malformed('it has no file')
  }

  /** Takes no more; who still reads the file is told that it failed. The first reason stays. */
  fail(error: Error): void {
    this.#failure ??= error
    this.#file?.content.destroy()
    this.#wake()
  }

  /** `false` when the parser is to be waited for. */
  #feed(chunk: Buffer): boolean {
    if (this.#file !== undefined) return this.#parser.write(chunk)
    const head = chunk.subarray(0, maxFieldSection - this.#fed)
    this.#fed += head.length
    const ready = this.#parser.write(head)
    if (head.length === chunk.length) return ready
    // `write` reports a file at once, as nothing is held back before it.
    if (!this.#hasFile()) throw malformed(`its fields have more than ${maxFieldSection} bytes`)
    return this.#parser.write(chunk.subarray(head.length))
  }

  #hasFile(): boolean {
    return this.#file !== undefined
  }

  #addField(name: string, value: string): void {
    if (this.#hasFile()) return
    // Or the policy might be held against the one and the other be stored.
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
