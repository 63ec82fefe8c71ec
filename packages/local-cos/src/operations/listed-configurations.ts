import { CosError } from '../errors.js'
import {
  listedConfiguration,
  listedNames,
  type ListedConfigurations,
  type ListedOperation,
} from '../listed-configurations.js'
import type { ListedConfiguration } from '../storage/bucket.js'
import { childText, element, formatXml } from '../xml.js'
import { readConfiguration, type Operate } from './configurations.js'
import { bucketOf, xmlAnswer, type Answer, type OperationContext } from './context.js'

/** "A bucket has at most 1 000 of them" (436/33707). */
const maxConfigurations = 1000
/** "A page has at most 100 of them" (436/33709). */
const pageSize = 100

async function put(
  context: OperationContext,
  { parameter, root, problem }: ListedConfigurations,
  method: 'PUT' | 'POST',
): Promise<Answer> {
  const bucket = bucketOf(context)
  const given = await readConfiguration(context, root, (element) => problem(element, method))
  const id = idOf(context)
  if (childText(given, 'Id') !== id) {
    throw new CosError('InvalidArgument', `The id of the request and the Id of the ${root} are not the same.`)
  }
  const before = bucket.settings[parameter] ?? []
  const isThere = before.some((entry) => entry.id === id)
  if (isThere && method === 'POST') {
    throw new CosError('DuplicateInventoryId', `There is a ${root} with the id ${id} already.`)
  }
  if (!isThere && before.length >= maxConfigurations) {
    throw new CosError('TooManyConfigurations', `A bucket has at most ${maxConfigurations} of ${root}.`)
  }
  const entry = { id, xml: formatXml(given) }
  const after = isThere ? before.map((other) => (other.id === id ? entry : other)) : [...before, entry]
  await bucket.change({ [parameter]: after })
  return { status: 200 }
}

/** Returns the configuration with the given id, or a page of all if there is no id. */
async function get(context: OperationContext, configurations: ListedConfigurations): Promise<Answer> {
  const entries = bucketOf(context).settings[configurations.parameter] ?? []
  if (!context.address.query.has('id')) return list(context, configurations, entries)
  const id = idOf(context)
  const found = entries.find((entry) => entry.id === id)
  if (found !== undefined) return xmlAnswer(found.xml)
  throw new CosError('NoSuchConfiguration', `The bucket has no ${configurations.root} with the id ${id}.`)
}

function list(
  { address }: OperationContext,
  { listRoot }: ListedConfigurations,
  entries: readonly ListedConfiguration[],
): Answer {
  const token = address.query.get('continuation-token') ?? ''
  const start = token === '' ? 0 : entries.findIndex(({ id }) => id === token)
  if (start === -1) {
    throw new CosError('InvalidArgument', 'The continuation-token is none that this store answered.')
  }
  const next = entries[start + pageSize]
  return xmlAnswer(
    element(listRoot, [
      ...entries.slice(start, start + pageSize).map(({ xml }) => xml),
      element('IsTruncated', next !== undefined),
      token === '' ? undefined : element('ContinuationToken', token),
      next === undefined ? undefined : element('NextContinuationToken', next.id),
    ]),
  )
}

/** Answers 204 even if there was no such configuration. */
async function remove(context: OperationContext, { parameter }: ListedConfigurations): Promise<Answer> {
  const bucket = bucketOf(context)
  const id = idOf(context)
  await bucket.change({ [parameter]: (bucket.settings[parameter] ?? []).filter((entry) => entry.id !== id) })
  return { status: 204 }
}

/** @throws {@link CosError} `InvalidArgument` */
function idOf({ address }: OperationContext): string {
  const id = address.query.get('id') ?? ''
  if (id === '') throw new CosError('InvalidArgument', 'The request needs the id of the configuration.')
  return id
}

export const listedOperations = Object.fromEntries(
  listedNames.flatMap((name): readonly (readonly [ListedOperation, Operate])[] => {
    const configurations = listedConfiguration(name)
    return [
      [`PutBucket${name}`, async (context) => put(context, configurations, 'PUT')],
      [`PostBucket${name}`, async (context) => put(context, configurations, 'POST')],
      [`GetBucket${name}`, async (context) => get(context, configurations)],
      [`DeleteBucket${name}`, async (context) => remove(context, configurations)],
    ]
  }),
  // `fromEntries` loses the key types.
) as Readonly<Record<ListedOperation, Operate>>
