import type { Readable } from 'node:stream'
import type { BodyGate } from '../storage/drain.js'
import type { ObjectRecord } from '../storage/object-record.js'
import { requestedAttributes } from './attributes.js'
import { bucketOf, type Answer, type OperationContext } from './context.js'
import { checkOverwrite, encryptionHeaders, forbidsOverwrite, storedHeaders } from './object-headers.js'
import { checkMd5, expectedMd5, objectLength, withinOneBody } from './request-body.js'
import { storedVersionHeaders } from './versions.js'

/** https://cloud.tencent.com/document/product/436/7749 */
export async function putObject(context: OperationContext): Promise<Answer> {
  const record = await storeObject(context, {
    body: context.body,
    length: objectLength(context),
    gate: context.bodyGate,
  })
  return { status: 200, headers: storedAnswerHeaders(record) }
}

/** Source of an object's bytes. */
export interface ObjectContent {
  readonly body: Readable
  /** In bytes; `undefined` if not known in advance. */
  readonly length: number | undefined
  /** Approximate number of bytes if `length` is unknown. */
  readonly expected?: number
  readonly gate: BodyGate
  /** Called with the size before the object is published; may wait, or throw to refuse it. */
  readonly admit?: (size: number) => Promise<void>
}

/** Receives and publishes the object described by the context's address and headers. */
export async function storeObject(
  context: OperationContext,
  { body, length, expected = 0, gate, admit }: ObjectContent,
  more: Pick<ObjectRecord, 'symlink'> = {},
): Promise<ObjectRecord> {
  const headers = storedHeaders(context)
  const attributes = requestedAttributes(context)
  const { objects } = bucketOf(context)
  const { key } = context.address
  const md5 = expectedMd5(context)
  await checkOverwrite(context, objects)
  return context.storage.receive(
    body,
    { length, expected, gate: withinOneBody(gate), sync: false },
    async (received) => {
      await admit?.(received.size)
      checkMd5(md5, received.md5)
      const record = await objects.numbered({
        key,
        etag: received.md5.toString('hex'),
        crc64: received.crc64.toString(),
        lastModified: context.now,
        headers,
        ...attributes,
        ...more,
      })
      return objects.put(received, record, { forbidOverwrite: forbidsOverwrite(context) })
    },
  )
}

/** Headers of the answer to a request that stored an object. */
export function storedAnswerHeaders(record: ObjectRecord): Record<string, string> {
  return {
    ETag: `"${record.etag}"`,
    'x-cos-hash-crc64ecma': record.crc64,
    ...storedVersionHeaders(record),
    ...encryptionHeaders(record.headers),
  }
}
