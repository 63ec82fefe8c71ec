import { createHash, type Hash } from 'node:crypto'
import { isSameSignature } from '../authentication.js'
import { CosError } from '../errors.js'
import { sha256, type ChunkSigner } from './signature-v4.js'

const signedChunk = /^([0-9a-f]{1,12});chunk-signature=([0-9a-f]{64})$/i
const unsignedChunk = /^([0-9a-f]{1,12})$/i
const trailerSignature = 'x-amz-trailer-signature'
/** Maximum bytes of a line: a chunk's size and signature, or a trailer. */
const maxLine = 1024
const lineFeed = 0x0a

/**
 * Decodes an `aws-chunked` body as it arrives: sizes, signatures and trailers.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export class AwsChunkedDecoder {
  readonly #length: number
  readonly #announced: readonly string[]
  readonly #signer: ChunkSigner | null
  #state: 'size' | 'data' | 'data-end' | 'trailers' | 'done' = 'size'
  #line = ''
  /** Bytes of the current chunk not yet received. */
  #left = 0
  #received = 0
  #isLast = false
  #hash: Hash | undefined
  #signature = ''
  readonly #trailers = new Map<string, string>()
  #trailerSignature: string | undefined

  /**
   * @param length bytes of the content, as announced in `x-amz-decoded-content-length`.
   * @param trailers names announced in `x-amz-trailer`.
   * @param signer `null` if the chunks are not signed.
   */
  constructor(length: number, trailers: readonly string[], signer: ChunkSigner | null) {
    this.#length = length
    this.#announced = trailers
    this.#signer = signer
  }

  /**
   * Decodes bytes into pieces of the content.
   *
   * @throws {@link CosError} `InvalidRequest`, `SignatureDoesNotMatch`, `MalformedTrailerError`
   */
  *push(bytes: Buffer): Generator<Buffer> {
    let at = 0
    while (at < bytes.length) {
      if (this.#state === 'data') {
        const piece = bytes.subarray(at, at + this.#left)
        at += piece.length
        this.#left -= piece.length
        this.#hash?.update(piece)
        if (this.#left === 0) this.#state = 'data-end'
        yield piece
        continue
      }
      const end = bytes.indexOf(lineFeed, at)
      this.#line += bytes.toString('latin1', at, end === -1 ? bytes.length : end)
      if (this.#line.length > maxLine || this.#state === 'done')
        throw malformed('it goes on where it must end')
      if (end === -1) return
      at = end + 1
      if (!this.#line.endsWith('\r')) throw malformed('a line does not end with CR and LF')
      const line = this.#line.slice(0, -1)
      this.#line = ''
      this.#takeLine(line)
    }
  }

  /**
   * Call when the body has ended.
   *
   * @returns the trailers, exactly those announced.
   * @throws {@link CosError} `IncompleteBody`, `MalformedTrailerError`
   */
  end(): ReadonlyMap<string, string> {
    if (this.#state !== 'done' || this.#received !== this.#length) {
      throw new CosError(
        'IncompleteBody',
        `The body ended after ${this.#received} of ${this.#length} bytes, or before its last chunk. Nothing was stored.`,
      )
    }
    return this.#trailers
  }

  #takeLine(line: string): void {
    switch (this.#state) {
      case 'size':
        this.#begin(line)
        break
      case 'data-end':
        if (line !== '') throw malformed('a chunk is longer than its size')
        this.#endChunk()
        this.#state = 'size'
        break
      case 'trailers':
        if (line === '') this.#endTrailers()
        else this.#takeTrailer(line)
        break
      case 'data':
      case 'done':
        break
    }
  }

  #begin(line: string): void {
    const [, size, signature] = (this.#signer === null ? unsignedChunk : signedChunk).exec(line) ?? []
    if (size === undefined) throw malformed('a chunk does not begin with its size and signature')
    this.#left = Number.parseInt(size, 16)
    this.#received += this.#left
    if (this.#received > this.#length) throw malformed('it has more bytes than x-amz-decoded-content-length')
    this.#isLast = this.#left === 0
    this.#hash = this.#signer === null ? undefined : createHash('sha256')
    this.#signature = signature?.toLowerCase() ?? ''
    this.#state = this.#isLast ? 'trailers' : 'data'
    if (this.#isLast) this.#endChunk()
  }

  #endChunk(): void {
    if (this.#signer === null || this.#hash === undefined) return
    const expected = this.#signer.chunk(this.#hash.digest('hex'))
    if (!isSameSignature(this.#signature, expected)) throw mismatch('a chunk')
  }

  #takeTrailer(line: string): void {
    const colon = line.indexOf(':')
    const [name, value] = [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
    if (name === trailerSignature && this.#signer !== null && this.#trailerSignature === undefined) {
      this.#trailerSignature = value
    } else if (this.#announced.includes(name) && !this.#trailers.has(name)) {
      this.#trailers.set(name, value)
    } else {
      throw new CosError('MalformedTrailerError', 'A trailer is none that x-amz-trailer announced.')
    }
  }

  #endTrailers(): void {
    const missing = this.#announced.find((name) => !this.#trailers.has(name))
    if (missing !== undefined) {
      throw new CosError('MalformedTrailerError', `The trailer ${missing} was announced and did not come.`)
    }
    if (this.#signer !== null && this.#announced.length > 0) {
      const text = [...this.#trailers].map(([name, value]) => `${name}:${value}\n`).join('')
      const expected = this.#signer.trailer(sha256(text))
      if (!isSameSignature(this.#trailerSignature ?? '', expected)) throw mismatch('the trailers')
    }
    this.#state = 'done'
  }
}

function malformed(why: string): CosError {
  return new CosError('InvalidRequest', `The aws-chunked body is malformed: ${why}. Nothing was stored.`)
}

function mismatch(what: string): CosError {
  return new CosError(
    'SignatureDoesNotMatch',
    `The signature of ${what} of the body does not match. Nothing was stored.`,
  )
}
