import {
  canonicalRequest,
  ChunkSigner,
  emptyHash,
  sha256,
  signingKey,
  signText,
  stringToSign,
} from '../s3/signature-v4.js'
import type { Call, Credentials, Reply, TestClient } from './client.js'
import { credentials as permanent } from './store.js'

export interface S3Call extends Omit<Call, 'credentials' | 'keyTime' | 'body'> {
  readonly body?: string | Uint8Array
  readonly credentials?: Credentials
  /** Value of `x-amz-content-sha256`. Default: the body's hash; none for a presigned URL. */
  readonly payload?: string
  /** Time of signing, milliseconds since the epoch. Default: now. */
  readonly at?: number
  readonly region?: string
  readonly service?: string
  /** Seconds a presigned URL is valid. */
  readonly expires?: number | string
  /** Changes the signed request before it is sent. */
  readonly tamper?: (call: Call) => Call
}

export interface SignedS3Call {
  readonly call: Call
  /** Signs the chunks after the headers. */
  readonly chunks: ChunkSigner
}

export const testHost = 'store.test'

/** Signs as S3 documents it. Shares only the string to sign with the store, which is checked with Amazon's examples. */
export function signS3(s3: S3Call): SignedS3Call {
  const { method, path, body = '', expires } = s3
  const credentials: Credentials = s3.credentials ?? permanent
  const host = s3.host ?? testHost
  const timestamp = new Date(s3.at ?? Date.now()).toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = {
    date: timestamp.slice(0, 8),
    region: s3.region ?? 'ap-guangzhou',
    service: s3.service ?? 's3',
  }
  const presigned = expires !== undefined
  const payload =
    s3.payload ?? (presigned ? 'UNSIGNED-PAYLOAD' : body === '' ? emptyHash : sha256(Buffer.from(body)))
  const unsigned = new Set(s3.unsigned)
  const headers: Record<string, string> = {
    host,
    ...(presigned ? {} : { 'x-amz-date': timestamp, 'x-amz-content-sha256': payload }),
    ...(presigned || credentials.token === undefined ? {} : { 'x-amz-security-token': credentials.token }),
    ...s3.headers,
  }
  const signed = Object.entries(headers).filter(([name]) => !unsigned.has(name))
  const names = signed
    .map(([name]) => name)
    .sort()
    .join(';')
  const credential = `${credentials.secretId}/${scope.date}/${scope.region}/${scope.service}/aws4_request`
  const query: Record<string, string> = {
    ...s3.query,
    ...(presigned
      ? {
          'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
          'X-Amz-Credential': credential,
          'X-Amz-Date': timestamp,
          'X-Amz-Expires': String(expires),
          'X-Amz-SignedHeaders': names,
          ...(credentials.token === undefined ? {} : { 'X-Amz-Security-Token': credentials.token }),
        }
      : {}),
  }
  const canonical = canonicalRequest({
    method,
    path,
    parameters: Object.entries(query),
    headers: signed,
    payload,
  })
  const key = signingKey(credentials.secretKey, scope)
  const signature = signText(key, stringToSign(timestamp, scope, canonical))
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`
  const call: Call = {
    method,
    path,
    host,
    credentials: false,
    query: presigned ? { ...query, 'X-Amz-Signature': signature } : query,
    headers: presigned ? headers : { ...headers, authorization },
    ...(s3.body === undefined ? {} : { body: s3.body }),
  }
  return { call: s3.tamper?.(call) ?? call, chunks: new ChunkSigner(key, timestamp, scope, signature) }
}

export async function callS3(client: TestClient, s3: S3Call): Promise<Reply> {
  return client.call(signS3(s3).call)
}

export interface ChunkedWishes {
  readonly trailers?: Readonly<Record<string, string>>
  readonly signed?: boolean
  /** Announced length of the content, if not the real one. */
  readonly length?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Changes the body before it is sent. */
  readonly damage?: (body: Buffer) => Buffer
}

/** A PUT whose body is `aws-chunked`. */
export function chunkedPut(path: string, pieces: readonly Buffer[], wishes: ChunkedWishes = {}): Call {
  const { trailers = {}, signed = false } = wishes
  const names = Object.keys(trailers)
  const kind = signed ? 'AWS4-HMAC-SHA256-PAYLOAD' : 'UNSIGNED-PAYLOAD-TRAILER'
  const content = Buffer.concat(pieces)
  const { call, chunks } = signS3({
    method: 'PUT',
    path,
    payload: `STREAMING-${kind}${signed && names.length > 0 ? '-TRAILER' : ''}`,
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': String(wishes.length ?? content.length),
      ...(names.length === 0 ? {} : { 'x-amz-trailer': names.join(',') }),
      ...wishes.headers,
    },
  })
  const parts = [...pieces, Buffer.alloc(0)].map((piece) => {
    const signature = signed ? `;chunk-signature=${chunks.chunk(sha256(piece))}` : ''
    const head = Buffer.from(`${piece.length.toString(16)}${signature}\r\n`)
    return piece.length === 0 ? head : Buffer.concat([head, piece, Buffer.from('\r\n')])
  })
  const lines = Object.entries(trailers).map(([name, value]) => `${name}:${value}`)
  if (signed && names.length > 0) {
    const signature = chunks.trailer(sha256(lines.map((line) => `${line}\n`).join('')))
    lines.push(`x-amz-trailer-signature:${signature}`)
  }
  const body = Buffer.concat([...parts, Buffer.from([...lines, ''].map((line) => `${line}\r\n`).join(''))])
  return { ...call, body: wishes.damage?.(body) ?? body }
}
