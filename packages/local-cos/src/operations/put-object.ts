import { CosError } from '../errors.js'
import { bucketOf, headerOf, type Answer, type OperationContext } from './context.js'
import { forbidsOverwrite, storedHeaders } from './object-headers.js'
import { checkMd5, contentLength, expectedMd5 } from './request-body.js'

/** https://cloud.tencent.com/document/product/436/7749 */
export async function putObject(context: OperationContext): Promise<Answer> {
  refuseCopy(context)
  const { objects } = bucketOf(context)
  const { key } = context.address
  const length = contentLength(context)
  const md5 = expectedMd5(context)
  const forbidOverwrite = forbidsOverwrite(context)
  if (forbidOverwrite && (await objects.find(key)) !== null) {
    throw new CosError('FileAlreadyExists', 'There is an object of this key, and it must not be overwritten.')
  }
  const record = await context.storage.receive(context.body, length, context.bodyGate, async (body) => {
    checkMd5(md5, body.md5)
    return objects.put(
      body,
      {
        key,
        etag: body.md5.toString('hex'),
        crc64: body.crc64.toString(),
        lastModified: context.now,
        headers: storedHeaders(context),
      },
      { forbidOverwrite },
    )
  })
  return { status: 200, headers: { ETag: `"${record.etag}"`, 'x-cos-hash-crc64ecma': record.crc64 } }
}

export function refuseCopy(context: OperationContext): void {
  if (headerOf(context, 'x-cos-copy-source') !== undefined) {
    throw new CosError('NotImplemented', 'Copying objects is not part of this store.')
  }
}
