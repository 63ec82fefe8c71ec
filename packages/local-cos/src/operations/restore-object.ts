import { CosError } from '../errors.js'
import { childText, childrenOf } from '../xml.js'
import { group, maybe, one, oneOf, shapeProblem, wholeNumber } from '../xml-shape.js'
import { archiveOf, isRestored } from './archives.js'
import { readConfiguration } from './configurations.js'
import type { Answer, OperationContext } from './context.js'
import { changeObject } from './one-object.js'
import { versionHeaders } from './versions.js'

const day = 86_400_000

const restoreRequest = group({
  Days: one(wholeNumber(1, 365)),
  CASJobParameters: maybe(group({ Tier: one(oneOf('Expedited', 'Standard', 'Bulk')) })),
})

/**
 * https://cloud.tencent.com/document/product/436/12633: 202 when restoring begins, 200 when a restored copy
 * exists and only its expiry changes. Here the copy is ready at once; the real store takes minutes to hours.
 */
export async function restoreObject(context: OperationContext): Promise<Answer> {
  const request = await readConfiguration(context, 'RestoreRequest', (root) =>
    shapeProblem(root, restoreRequest),
  )
  const [job] = childrenOf(request, 'CASJobParameters')
  const tier = job === undefined ? 'Standard' : (childText(job, 'Tier') ?? '')
  const restoredUntil = context.now + Number(childText(request, 'Days')) * day
  let status: 200 | 202 = 202
  const record = await changeObject(context, (before) => {
    const storageClass = archiveOf(before)
    if (storageClass === undefined) {
      throw new CosError('InvalidObjectState', 'The object is no archive, so there is nothing to restore.')
    }
    if (tier === 'Expedited' && storageClass.includes('DEEP')) {
      throw new CosError('InvalidArgument', `Expedited is not possible for the class ${storageClass}.`)
    }
    if (isRestored(before, context.now)) status = 200
    return { ...before, restoredUntil }
  })
  return { status, headers: versionHeaders(context, record) }
}
