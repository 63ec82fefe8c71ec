import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { isSameSignature } from '../authentication.js'
import { CosError } from '../errors.js'
import { textOf, unsignedPayload } from './authorization.js'
import { AwsChunkedDecoder } from './aws-chunked.js'
import { checksumHeaders, createChecksum, type Checksum } from './checksums.js'
import type { ChunkSigner } from './signature-v4.js'

/** Description of an S3 request's body. */
export interface Payload {
  /** SHA-256 that the body must have, in hex, if known in advance. */
  readonly sha256: string | undefined
  /** Set if the body is `aws-chunked`. */
  readonly chunked:
    | {
        readonly signed: boolean
        /** Bytes of the content. */
        readonly length: number
        /** Names of the trailers. */
        readonly trailers: readonly string[]
      }
    | undefined
  /** Checksums given in headers. */
  readonly checksums: ReadonlyMap<string, string>
}

const streaming: Readonly<Record<string, { readonly signed: boolean; readonly trailer: boolean }>> = {
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { signed: false, trailer: true },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { signed: true, trailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { signed: true, trailer: true },
}

/**
 * @param contentSha256 the value of `x-amz-content-sha256`.
 * @throws {@link CosError} `InvalidArgument`, `InvalidRequest`, `MissingContentLength`, `NotImplemented`
 */
export function readPayload(contentSha256: string, headers: IncomingHttpHeaders): Payload {
  const checksums = new Map(
    checksumHeaders.flatMap((name) => {
      const value = textOf(headers, name)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
  const kind = streaming[contentSha256]
  if (kind !== undefined) {
    return {
      sha256: undefined,
      checksums,
      chunked: { ...readChunked(headers, kind.trailer), signed: kind.signed },
    }
  }
  if (isAwsChunked(headers)) {
    throw new CosError('InvalidRequest', 'An aws-chunked body needs x-amz-content-sha256: STREAMING-….')
  }
  if (contentSha256 === unsignedPayload) return { sha256: undefined, checksums, chunked: undefined }
  if (!/^[0-9a-f]{64}$/i.test(contentSha256)) {
    throw new CosError(
      'InvalidArgument',
      `x-amz-content-sha256 must be ${unsignedPayload}, ${Object.keys(streaming).join(', ')}, or a SHA-256 in hex.`,
    )
  }
  return { sha256: contentSha256.toLowerCase(), checksums, chunked: undefined }
}

function readChunked(
  headers: IncomingHttpHeaders,
  trailer: boolean,
): { readonly length: number; readonly trailers: readonly string[] } {
  const length = textOf(headers, 'x-amz-decoded-content-length') ?? ''
  if (!/^\d{1,15}$/.test(length)) {
    throw new CosError('MissingContentLength', 'The request must say its x-amz-decoded-content-length.')
  }
  const names = (textOf(headers, 'x-amz-trailer') ?? '').toLowerCase().split(',')
  const trailers = names.map((name) => name.trim()).filter((name) => name !== '')
  const unknown = trailers.find((name) => !trailer || !checksumHeaders.includes(name))
  if (unknown !== undefined) {
    throw new CosError(
      'NotImplemented',
      `The trailer ${unknown} is not part of this store. Nothing was stored.`,
    )
  }
  return { length: Number(length), trailers }
}

const awsChunked = 'aws-chunked'

function encodingsOf(headers: IncomingHttpHeaders): readonly string[] {
  const names = (headers['content-encoding'] ?? '').split(',').map((name) => name.trim())
  return names.filter((name) => name !== '')
}

function isAwsChunked(headers: IncomingHttpHeaders): boolean {
  return encodingsOf(headers).some((name) => name.toLowerCase() === awsChunked)
}

export function withoutHeaders(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}

/** Headers of the content itself, without those of the chunked encoding. */
export function contentHeaders(headers: IncomingHttpHeaders, { chunked }: Payload): IncomingHttpHeaders {
  if (chunked === undefined) return headers
  const encodings = encodingsOf(headers).filter((name) => name.toLowerCase() !== awsChunked)
  return {
    ...withoutHeaders(headers, ['transfer-encoding', 'content-encoding']),
    'content-length': String(chunked.length),
    ...(encodings.length === 0 ? {} : { 'content-encoding': encodings.join(',') }),
  }
}

/**
 * Streams the content of a request's body and verifies it as it is read. If verification fails, the stream
 * fails with a {@link CosError} instead of ending.
 *
 * @param signer required if the chunks are signed.
 */
export function contentOf(request: IncomingMessage, payload: Payload, signer: ChunkSigner | null): Readable {
  if (payload.sha256 === undefined && payload.chunked === undefined && payload.checksums.size === 0) {
    return request
  }
  return Readable.from(checkedContent(request, payload, signer), { objectMode: false })
}

async function* checkedContent(
  request: IncomingMessage,
  { sha256, chunked, checksums }: Payload,
  signer: ChunkSigner | null,
): AsyncGenerator<Buffer> {
  try {
    const hash = sha256 === undefined ? undefined : createHash('sha256')
    const made = await makersOf([...checksums.keys(), ...(chunked?.trailers ?? [])])
    const decoder =
      chunked === undefined
        ? undefined
        : new AwsChunkedDecoder(chunked.length, chunked.trailers, chunked.signed ? signer : null)
    // The connection must stay open for an error response, so the iterator must not destroy the request.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      for (const piece of decoder?.push(chunk) ?? [chunk]) {
        hash?.update(piece)
        for (const checksum of made.values()) checksum.update(piece)
        yield piece
      }
    }
    const trailers = decoder?.end() ?? new Map<string, string>()
    checkHash(sha256, hash?.digest('hex'))
    checkChecksums(made, [...checksums, ...trailers])
  } finally {
    // Discard the unread rest, so that the sender can read the answer.
    request.resume()
  }
}

async function makersOf(names: readonly string[]): Promise<ReadonlyMap<string, Checksum>> {
  const made = new Map<string, Checksum>()
  for (const name of names) {
    const checksum = await createChecksum(name)
    if (checksum !== null) made.set(name, checksum)
  }
  return made
}

function checkHash(expected: string | undefined, actual: string | undefined): void {
  if (expected === undefined || actual === undefined || isSameSignature(expected, actual)) return
  throw new CosError(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed. Nothing was stored.",
    { elements: { ClientComputedContentSHA256: expected, S3ComputedContentSHA256: actual } },
  )
}

function checkChecksums(
  made: ReadonlyMap<string, Checksum>,
  claimed: readonly (readonly [name: string, value: string])[],
): void {
  const actual = new Map([...made].map(([name, checksum]) => [name, checksum.digest()]))
  const wrong = claimed.find(([name, value]) => actual.get(name) !== value)
  if (wrong === undefined) return
  throw new CosError(
    'BadDigest',
    `The ${wrong[0]} you specified did not match the calculated checksum. Nothing was stored.`,
  )
}
