import { createHash } from 'node:crypto'
import { CosError } from '../errors.js'
import type { BodyGate } from '../storage/drain.js'
import { receiveText } from '../storage/receive-text.js'
import { headerOf, type OperationContext } from './context.js'

/** "The largest body of one request is 5 GB" (436/14518). */
const maxBodySize = 5 * 1024 ** 3

/** A body with 10 000 parts and long ETags has about 1.5 MB. Parsing blocks all other requests. */
const maxXmlSize = 2 * 1024 * 1024

/** "The configuration has at most 64 KB" (436/8279, 436/31930). */
export const maxConfigurationSize = 64 * 1024

/** @throws {@link CosError} `MissingContentLength`, `EntityTooLarge` */
export function contentLength(context: OperationContext): number {
  const text = headerOf(context, 'content-length')
  if (text === undefined)
    throw new CosError('MissingContentLength', 'The request must say its Content-Length.')
  const length = Number(text)
  refuseTooLarge(length, 'Send larger files in parts.')
  return length
}

/**
 * Length of an object sent in one PUT; `undefined` if chunked, which COS accepts for objects but not for parts
 * (436/7749).
 *
 * @throws {@link CosError} `MissingContentLength`, `EntityTooLarge`
 */
export function objectLength(context: OperationContext): number | undefined {
  const chunked = headerOf(context, 'transfer-encoding')?.toLowerCase() === 'chunked'
  return chunked ? undefined : contentLength(context)
}

/** Applies the size limit to a body of unannounced length. */
export function withinOneBody(gate: BodyGate): BodyGate {
  return (received) => {
    refuseTooLarge(received, 'Send larger files in parts.')
    return gate(received)
  }
}

/** @throws {@link CosError} `EntityTooLarge` */
export function refuseTooLarge(size: number, remedy: string): void {
  if (size <= maxBodySize) return
  throw new CosError('EntityTooLarge', `One request stores at most ${maxBodySize} bytes. ${remedy}`)
}

/**
 * Refuses a body on requests that are described by headers alone; it would be silently dropped.
 *
 * @throws {@link CosError} `InvalidRequest`
 */
export function refuseBody(
  context: OperationContext,
  why = 'A copy takes its bytes from x-cos-copy-source and has no body.',
): void {
  const length = Number(headerOf(context, 'content-length') ?? 0)
  if (length === 0 && headerOf(context, 'transfer-encoding') === undefined) return
  throw new CosError('InvalidRequest', why)
}

/** MD5 the body must have; `undefined` if not given. @throws {@link CosError} `InvalidDigest` */
export function expectedMd5(context: OperationContext): Buffer | undefined {
  const text = headerOf(context, 'content-md5')
  if (text === undefined) return undefined
  const md5 = Buffer.from(text, 'base64')
  if (md5.length !== 16) throw new CosError('InvalidDigest', 'Content-MD5 must be the base64 of 16 bytes.')
  return md5
}

/** @throws {@link CosError} `BadDigest` */
export function checkMd5(expected: Buffer | undefined, actual: Buffer): void {
  if (expected !== undefined && !expected.equals(actual)) {
    throw new CosError(
      'BadDigest',
      'The body is not the one that Content-MD5 stands for. Nothing was stored.',
    )
  }
}

/**
 * Reads a small body and checks it against Content-MD5.
 *
 * @throws {@link CosError} `XMLSizeLimit`, `BadDigest`, `InvalidDigest`
 */
export async function readXmlBody(context: OperationContext, maxBytes = maxXmlSize): Promise<string> {
  const expected = expectedMd5(context)
  const body = await receiveText(context.body, maxBytes, context.bodyGate)
  checkMd5(expected, createHash('md5').update(body).digest())
  return body.toString()
}
