import { formatCors, parseCors } from '../cors.js'
import { CosError } from '../errors.js'
import { parseLifecycle } from '../lifecycle.js'
import type { Tag } from '../storage/object-record.js'
import { childText, element, xmlDeclaration } from '../xml.js'
import { parseAclHeaders } from './access-control.js'
import { bucketOf, headerOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { parseBodyXml } from '../request-xml.js'
import { keyParameter, pageSize } from './listing.js'
import { ownerElement } from './owner.js'
import { maxConfigurationSize, readXmlBody } from './request-body.js'

/** "max-keys: at most 2 000" (436/8291). */
const maxBuckets = 2000

/** `2019-05-24T11:49:50Z`: buckets tell the time of their creation in seconds. */
function inSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** "tagkey and tagvalue list the buckets that have the tag"; one without the other is of no use. @throws `InvalidArgument` */
function hasTag(key: string, value: string): (tags: readonly Tag[]) => boolean {
  if (key === '' && value === '') return () => true
  if (key === '' || value === '') {
    throw new CosError('InvalidArgument', 'tagkey and tagvalue come together.')
  }
  return (tags) => tags.some((tag) => tag.key === key && tag.value === value)
}

const comparisons: Readonly<Record<string, (made: number, time: number) => boolean>> = {
  lt: (made, time) => made < time,
  lte: (made, time) => made <= time,
  gt: (made, time) => made > time,
  gte: (made, time) => made >= time,
}

/** "range lists the buckets made before or after create-time", in unix seconds. @throws `InvalidArgument` */
function madeWhen(range: string, time: string): (createdAt: number) => boolean {
  if (range === '' && time === '') return () => true
  const compare = Object.hasOwn(comparisons, range) ? comparisons[range] : undefined
  if (compare === undefined || !/^\d{1,12}$/.test(time)) {
    throw new CosError(
      'InvalidArgument',
      'range must be lt, lte, gt or gte, and create-time unix seconds; they come together.',
    )
  }
  return (createdAt) => compare(Math.floor(createdAt / 1000), Number(time))
}

/** https://cloud.tencent.com/document/product/436/8291 */
export async function getService(context: OperationContext): Promise<Answer> {
  const { query } = context.address
  const region = query.get('region') ?? ''
  const marker = keyParameter(context, 'marker')
  const max = pageSize(context, 'max-keys', maxBuckets)
  const all = region === '' || region === context.region ? context.storage.list() : []
  const wanted = madeWhen(query.get('range') ?? '', query.get('create-time') ?? '')
  const tagged = hasTag(query.get('tagkey') ?? '', query.get('tagvalue') ?? '')
  const rest = all.filter(
    ({ name, settings }) => name > marker && wanted(settings.createdAt) && tagged(settings.tags ?? []),
  )
  const buckets = rest.slice(0, max)
  const last = buckets.at(-1)
  return xmlAnswer(
    xmlDeclaration +
      element('ListAllMyBucketsResult', [
        ownerElement('Owner', all[0]?.name ?? ''),
        marker === '' ? undefined : element('Marker', marker),
        query.has('max-keys') ? element('MaxKeys', max) : undefined,
        element('IsTruncated', rest.length > buckets.length),
        rest.length > buckets.length && last !== undefined ? element('NextMarker', last.name) : undefined,
        element(
          'Buckets',
          buckets.map((bucket) =>
            element('Bucket', [
              element('Name', bucket.name),
              element('Location', context.region),
              element('CreationDate', inSeconds(bucket.settings.createdAt)),
              element('BucketType', 'cos'),
            ]),
          ),
        ),
      ]),
  )
}

export async function headBucket(context: OperationContext): Promise<Answer> {
  bucketOf(context)
  return { status: 200, headers: { 'x-cos-bucket-region': context.region } }
}

/** https://cloud.tencent.com/document/product/436/7738 */
export async function putBucket(context: OperationContext): Promise<Answer> {
  const acl = parseAclHeaders(context.headers, 'bucket')
  if (context.dialect === 's3') await refuseOtherLocation(context)
  await context.storage.create(context.address.bucket, {
    createdAt: context.now,
    cors: null,
    lifecycle: null,
    ...(acl === undefined ? {} : { acl }),
  })
  return { status: 200 }
}

/** S3 names the region of a new bucket in the body; without one it is that of the address. */
async function refuseOtherLocation(context: OperationContext): Promise<void> {
  const body = await readXmlBody(context)
  if (body === '') return
  const location = childText(parseBodyXml(body, 'CreateBucketConfiguration'), 'LocationConstraint') ?? ''
  if (location === '' || location === context.region) return
  throw new CosError('InvalidLocationConstraint', `This store is in region ${context.region} only.`)
}

/**
 * https://cloud.tencent.com/document/product/436/8275,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
 */
export async function getBucketLocation(context: OperationContext): Promise<Answer> {
  bucketOf(context)
  const namespace = context.dialect === 's3' ? ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"' : ''
  return xmlAnswer(xmlDeclaration + element('LocationConstraint', context.region, namespace))
}

export async function deleteBucket(context: OperationContext): Promise<Answer> {
  await context.storage.remove(context.address.bucket)
  return { status: 204 }
}

export async function putBucketCors(context: OperationContext): Promise<Answer> {
  const bucket = bucketOf(context)
  await bucket.change({ cors: parseCors(await readXmlBody(context, maxConfigurationSize)) })
  return { status: 200 }
}

export async function getBucketCors(context: OperationContext): Promise<Answer> {
  const { cors } = bucketOf(context).settings
  if (cors === null) throw new CosError('NoSuchCORSConfiguration', 'The bucket has no CORS rules.')
  return xmlAnswer(formatCors(cors))
}

export async function deleteBucketCors(context: OperationContext): Promise<Answer> {
  await bucketOf(context).change({ cors: null })
  return { status: 204 }
}

/** https://cloud.tencent.com/document/product/436/8280 */
export async function putBucketLifecycle(context: OperationContext): Promise<Answer> {
  const bucket = bucketOf(context)
  if (headerOf(context, 'content-md5') === undefined) {
    throw new CosError('InvalidDigest', 'A lifecycle configuration must come with its Content-MD5.')
  }
  const lifecycle = await readXmlBody(context)
  parseLifecycle(lifecycle)
  await bucket.change({ lifecycle })
  return { status: 200 }
}

export async function getBucketLifecycle(context: OperationContext): Promise<Answer> {
  const { lifecycle } = bucketOf(context).settings
  if (lifecycle === null) {
    throw new CosError('NoSuchLifecycleConfiguration', 'The bucket has no lifecycle rules.')
  }
  return xmlAnswer(lifecycle)
}

export async function deleteBucketLifecycle(context: OperationContext): Promise<Answer> {
  await bucketOf(context).change({ lifecycle: null })
  return { status: 204 }
}
