import { CosError } from '../errors.js'
import type { Acl } from '../storage/object-record.js'
import { formatAcl, parseAcl, parseAclHeaders } from './access-control.js'
import { bucketOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { changeObject, findObject } from './one-object.js'
import { readXmlBody } from './request-body.js'

/** https://cloud.tencent.com/document/product/436/7748: replaces the existing ACL. */
export async function putObjectAcl(context: OperationContext): Promise<Answer> {
  const acl = await requestedAcl(context, 'object')
  await changeObject(context, (record) => ({ ...record, acl }))
  return { status: 200 }
}

/** https://cloud.tencent.com/document/product/436/7744 */
export async function getObjectAcl(context: OperationContext): Promise<Answer> {
  const { acl = { preset: 'default', grants: [] } } = await findObject(context)
  return aclAnswer(acl, context.address.bucket)
}

/** https://cloud.tencent.com/document/product/436/7737 */
export async function putBucketAcl(context: OperationContext): Promise<Answer> {
  const bucket = bucketOf(context)
  await bucket.change({ acl: await requestedAcl(context, 'bucket') })
  return { status: 200 }
}

/** https://cloud.tencent.com/document/product/436/7733 */
export async function getBucketAcl(context: OperationContext): Promise<Answer> {
  const { name, settings } = bucketOf(context)
  return aclAnswer(settings.acl ?? { preset: 'private', grants: [] }, name)
}

function aclAnswer(acl: Acl, bucket: string): Answer {
  return xmlAnswer(formatAcl(acl, bucket), acl.preset === '' ? {} : { 'x-cos-acl': acl.preset })
}

/** "By the headers or by the body, but only one of them." */
async function requestedAcl(context: OperationContext, of: 'bucket' | 'object'): Promise<Acl> {
  const byHeaders = parseAclHeaders(context.headers, of)
  const body = await readXmlBody(context)
  if ((byHeaders === undefined) === (body === '')) {
    throw new CosError(
      'InvalidRequest',
      'Say the ACL in x-cos-acl and x-cos-grant-* or in the body, in one of both. Nothing was changed.',
    )
  }
  return byHeaders ?? parseAcl(body, of, context.address.bucket)
}
