import { parseBucketPolicy } from '../bucket-policy.js'
import { CosError } from '../errors.js'
import { bucketOf, type Answer, type OperationContext } from './context.js'
import { readXmlBody } from './request-body.js'

/** "A policy has at most 20 KB" (436/14518). */
const maxPolicySize = 20 * 1024

/** https://cloud.tencent.com/document/product/436/8282: replaces the existing policy. */
export async function putBucketPolicy(context: OperationContext): Promise<Answer> {
  const bucket = bucketOf(context)
  const policy = await readXmlBody(context, maxPolicySize)
  parseBucketPolicy(policy)
  await bucket.change({ policy: withDocumentedNames(policy) })
  return { status: 204 }
}

/** https://cloud.tencent.com/document/product/436/8276 */
export async function getBucketPolicy(context: OperationContext): Promise<Answer> {
  const { policy } = bucketOf(context).settings
  if (policy === undefined) throw new CosError('NoSuchBucketPolicy', 'The bucket has no policy.')
  return { status: 200, body: { kind: 'json', text: policy } }
}

/** https://cloud.tencent.com/document/product/436/8285 */
export async function deleteBucketPolicy(context: OperationContext): Promise<Answer> {
  await bucketOf(context).change({ policy: undefined })
  return { status: 204 }
}

/** COS returns `Statement` and `version` in this case, however they were sent; the values are unchanged. */
function withDocumentedNames(policy: string): string {
  const names: Readonly<Record<string, string>> = { statement: 'Statement', version: 'version' }
  const entries = Object.entries(JSON.parse(policy) as Readonly<Record<string, unknown>>)
  return JSON.stringify(
    Object.fromEntries(entries.map(([name, value]) => [names[name.toLowerCase()] ?? name, value])),
  )
}
