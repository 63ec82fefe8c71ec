import { formatCors, parseCors } from '../cors.js'
import { CosError } from '../errors.js'
import { parseLifecycle } from '../lifecycle.js'
import { childText, element, xmlDeclaration } from '../xml.js'
import { parseAclHeaders } from './access-control.js'
import { bucketOf, headerOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { parseBodyXml } from '../request-xml.js'
import { maxConfigurationSize, readXmlBody } from './request-body.js'

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

/** In S3 the body may give the new bucket's region; without a body, the region of the address applies. */
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
