import { CosError } from '../errors.js'
import type { Tag } from '../storage/object-record.js'
import { element, xmlDeclaration } from '../xml.js'
import { xmlAnswer, type Answer, type OperationContext } from './context.js'
import { keyParameter, pageSize } from './listing.js'
import { ownerElement } from './owner.js'

/** "max-keys: at most 2 000" (436/8291). */
const maxBuckets = 2000

/** `2019-05-24T11:49:50Z`: COS gives creation times of buckets in whole seconds. */
function inSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** "tagkey and tagvalue list the buckets that have the tag"; both are required. @throws `InvalidArgument` */
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

/** "range lists the buckets made before or after create-time", in Unix seconds. @throws `InvalidArgument` */
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
  const owned = context.storage.list()
  const all = region === '' || region === context.region ? owned : []
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
        ownerElement('Owner', owned[0]?.name ?? ''),
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
