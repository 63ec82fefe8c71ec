import { bucketOf, type Answer, type OperationContext } from './context.js'
import { checkOverwrite, forbidsOverwrite, refuseUnsupportedWrite, storedHeaders } from './object-headers.js'
import { checkMd5, expectedMd5, objectLength, withinOneBody } from './request-body.js'

/** https://cloud.tencent.com/document/product/436/7749 */
export async function putObject(context: OperationContext): Promise<Answer> {
  refuseUnsupportedWrite(context)
  const { objects } = bucketOf(context)
  const { key } = context.address
  const length = objectLength(context)
  const md5 = expectedMd5(context)
  await checkOverwrite(context, objects)
  const record = await context.storage.receive(
    context.body,
    { length, gate: withinOneBody(context.bodyGate), sync: false },
    async (body) => {
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
        { forbidOverwrite: forbidsOverwrite(context) },
      )
    },
  )
  return { status: 200, headers: { ETag: `"${record.etag}"`, 'x-cos-hash-crc64ecma': record.crc64 } }
}
