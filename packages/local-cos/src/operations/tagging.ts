import { CosError } from '../errors.js'
import type { Tag } from '../storage/object-record.js'
import { bucketOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { changeObject, findObject } from './one-object.js'
import { readXmlBody } from './request-body.js'
import { bucketTagRules, formatTagging, objectTagRules, parseTagging } from './tag-set.js'
import { versionHeaders } from './versions.js'

/** https://cloud.tencent.com/document/product/436/42997: replaces all tags. */
export async function putObjectTagging(context: OperationContext): Promise<Answer> {
  const tags = parseTagging(await readXmlBody(context), objectTagRules)
  const record = await changeObject(context, (before) => ({ ...before, tags }))
  return { status: 200, headers: versionHeaders(context, record) }
}

/** https://cloud.tencent.com/document/product/436/42998 */
export async function getObjectTagging(context: OperationContext): Promise<Answer> {
  const record = await findObject(context)
  const headers = versionHeaders(context, record)
  // In S3, an object always has a tag set, which may be empty.
  if (context.dialect === 's3') return xmlAnswer(formatTagging(record.tags ?? []), headers)
  return tagAnswer(record.tags, headers)
}

/** https://cloud.tencent.com/document/product/436/42999: also answers 204 if there were no tags. */
export async function deleteObjectTagging(context: OperationContext): Promise<Answer> {
  const record = await changeObject(context, (before) => ({ ...before, tags: [] }))
  return { status: 204, headers: versionHeaders(context, record) }
}

/** https://cloud.tencent.com/document/product/436/8281 */
export async function putBucketTagging(context: OperationContext): Promise<Answer> {
  const bucket = bucketOf(context)
  await bucket.change({ tags: parseTagging(await readXmlBody(context), bucketTagRules) })
  return { status: 204 }
}

export async function getBucketTagging(context: OperationContext): Promise<Answer> {
  return tagAnswer(bucketOf(context).settings.tags)
}

export async function deleteBucketTagging(context: OperationContext): Promise<Answer> {
  await bucketOf(context).change({ tags: [] })
  return { status: 204 }
}

function tagAnswer(tags: readonly Tag[] | undefined, headers: Readonly<Record<string, string>> = {}): Answer {
  if (tags === undefined || tags.length === 0) throw new CosError('NoSuchTagSet', 'There are no tags.')
  return xmlAnswer(formatTagging(tags), headers)
}
