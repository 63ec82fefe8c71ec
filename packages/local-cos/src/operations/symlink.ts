import { objectKey } from '../address.js'
import { CosError } from '../errors.js'
import { encodeStrictly } from '../signature.js'
import type { ObjectRecord } from '../storage/object-record.js'
import type { OpenObject } from '../storage/open-object.js'
import { bucketOf, headerOf, type Answer, type OperationContext } from './context.js'
import { findObject } from './one-object.js'
import { storedAnswerHeaders, storeObject } from './put-object.js'
import { refuseBody } from './request-body.js'

const targetHeader = 'x-cos-symlink-target'

/**
 * Stores a symlink to another object of the bucket, which need not exist yet.
 * Source: `PutSymlink` of Tencent's SDKs and of https://cloud.tencent.com/document/product/436/111863
 */
export async function putSymlink(context: OperationContext): Promise<Answer> {
  refuseBody(context, 'A symlink has a target and no body.')
  const symlink = targetOf(context)
  const record = await storeObject(
    context,
    { body: context.body, length: 0, gate: context.bodyGate },
    { symlink },
  )
  return { status: 200, headers: storedAnswerHeaders(record) }
}

/** @throws {@link CosError} `InvalidArgument`, `KeyTooLong`, `InvalidURI` */
function targetOf(context: OperationContext): string {
  const { key } = context.address
  let target: string
  try {
    target = objectKey(decodeURIComponent(headerOf(context, targetHeader) ?? ''))
  } catch (error) {
    if (error instanceof CosError) throw error
    target = ''
  }
  if (target !== '' && target !== key) return target
  throw new CosError(
    'InvalidArgument',
    `${targetHeader} must be the key of another object of this bucket, percent-encoded. Nothing was stored.`,
  )
}

export async function getSymlink(context: OperationContext): Promise<Answer> {
  const record = await findObject(context)
  if (record.symlink === undefined) {
    throw new CosError('InvalidRequest', `The object of the key ${record.key} is no symlink.`)
  }
  const target = record.symlink.split('/').map(encodeStrictly).join('/')
  return { status: 200, headers: { ...storedAnswerHeaders(record), [targetHeader]: target } }
}

/**
 * Opens the target of a symlink; the caller must close it. Reading it requires permission for both link and
 * target.
 *
 * @throws {@link CosError} `AccessDenied`, `NoSuchKey`, `InvalidRequest` (the target is a symlink)
 */
export async function openTarget(context: OperationContext, link: ObjectRecord): Promise<OpenObject> {
  const { bucket } = context.address
  const target = link.symlink ?? ''
  if (!(await context.mayRead(bucket, target))) {
    throw new CosError('AccessDenied', 'Access Denied. The object that the symlink names may not be read.')
  }
  const object = await bucketOf(context).objects.open(target)
  if (object === null) throw new CosError('NoSuchKey', `The symlink names ${target}, and there is none.`)
  if (object.record.symlink === undefined) return object
  await object.close()
  throw new CosError('InvalidRequest', 'The symlink names another symlink, which is not followed.')
}
