import { bucketResource } from './kept-configurations.js'
import type { ListedParameter } from './storage/bucket.js'
import type { XmlElement } from './xml.js'
import {
  atMost,
  anyText,
  group,
  maybe,
  one,
  oneOf,
  shapeProblem,
  some,
  someText,
  text,
  wholeNumber,
  type Shape,
} from './xml-shape.js'

/** A configuration a bucket can have several of, each with an `Id`. Stored and returned, without effect. */
export interface ListedConfigurations {
  readonly parameter: ListedParameter
  readonly root: string
  readonly listRoot: string
  /** Whether POST may set it for a single run. */
  readonly mayBePosted: boolean
  readonly mayBeDeleted: boolean
  /** Problem with a configuration sent with that method; `undefined` if it is valid. */
  readonly problem: (root: XmlElement, method: 'PUT' | 'POST') => string | undefined
}

const id = one(text('1 to 64 letters, digits, - and _', (value) => /^[\w-]{1,64}$/.test(value)))
const tag = group({ Key: one(someText), Value: one(anyText) })
const filter = maybe(
  group({
    And: maybe(group({ Prefix: maybe(anyText), Tag: atMost(10, tag) })),
    Prefix: maybe(anyText),
    Tag: atMost(10, tag),
    Period: maybe(group({ StartTime: maybe(someText), EndTime: maybe(someText) })),
    StorageClass: atMost(10, someText),
  }),
)
const trueOrFalse = text('true or false', (value) => /^(?:true|false)$/i.test(value))
const encryption = group({ 'SSE-COS': maybe(anyText), SSECOS: maybe(anyText) })

const inventory = {
  Id: id,
  IncludedObjectVersions: one(oneOf('All', 'Current')),
  Destination: one(
    group({
      COSBucketDestination: one(
        group({
          Format: one(oneOf('CSV', 'ORC', 'Parquet')),
          AccountId: maybe(someText),
          Bucket: one(bucketResource),
          Prefix: maybe(anyText),
          Encryption: maybe(encryption),
        }),
      ),
    }),
  ),
  Filter: filter,
  OptionalFields: maybe(group({ Field: atMost(50, someText) })),
}

/** https://cloud.tencent.com/document/product/436/33707; with POST, for a single run without a schedule. */
const inventoryShapes: Readonly<Record<'PUT' | 'POST', Shape>> = {
  PUT: group({
    ...inventory,
    IsEnabled: one(trueOrFalse),
    Schedule: one(group({ Frequency: one(oneOf('Daily', 'Weekly')) })),
  }),
  POST: group({ ...inventory, IsEnabled: maybe(trueOrFalse) }),
}

const tiering = group({
  Id: id,
  Status: one(oneOf('Enabled', 'Disabled')),
  Filter: filter,
  Tiering: some(
    5,
    group({
      AccessTier: one(oneOf('INFREQUENT', 'ARCHIVE_ACCESS', 'DEEP_ARCHIVE_ACCESS')),
      Days: one(wholeNumber(1, 3650)),
      RequestFrequent: maybe(wholeNumber(1, 1)),
    }),
  ),
})

export const listedConfigurations = {
  Inventory: {
    parameter: 'inventory',
    root: 'InventoryConfiguration',
    listRoot: 'ListInventoryConfigurationResult',
    mayBePosted: true,
    mayBeDeleted: true,
    problem: (root, method) => shapeProblem(root, inventoryShapes[method]),
  },
  IntelligentTieringConfiguration: {
    parameter: 'intelligent-tiering',
    root: 'IntelligentTieringConfiguration',
    listRoot: 'ListBucketIntelligentTieringConfigurationsOutput',
    mayBePosted: false,
    mayBeDeleted: false,
    problem: (root) => shapeProblem(root, tiering),
  },
} as const satisfies Readonly<Record<string, ListedConfigurations>>

export type ListedName = keyof typeof listedConfigurations
/** Operation such as `PutBucketInventory`. Some configurations cannot be posted or deleted. */
export type ListedOperation = `${'Put' | 'Post' | 'Get' | 'Delete'}Bucket${ListedName}`

export const listedNames = Object.keys(listedConfigurations) as readonly ListedName[]

export function listedConfiguration(name: ListedName): ListedConfigurations {
  return listedConfigurations[name]
}
