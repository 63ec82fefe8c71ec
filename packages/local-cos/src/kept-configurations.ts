import { encryptionProblem, keyOfOwn, withEncryptionAnswered } from './default-encryption.js'
import type { CosErrorCode } from './errors.js'
import type { KeptParameter } from './storage/bucket.js'
import { websiteProblem, withUrlRedirects } from './website-configuration.js'
import { childText, childrenOf, type XmlElement } from './xml.js'
import {
  anyText,
  group,
  maybe,
  one,
  oneOf,
  onOff,
  shapeProblem,
  some,
  someText,
  text,
  wholeNumber,
  type Shape,
} from './xml-shape.js'

/** A bucket configuration that is stored, returned and deleted as a whole. */
export interface KeptConfiguration {
  /** Query parameter of the configuration. */
  readonly parameter: KeptParameter
  readonly root: string
  /** Error for a GET if nothing is stored; `null` to answer with an empty root. */
  readonly missing: CosErrorCode | null
  readonly mayBeDeleted: boolean
  /** Whether a PUT without a body removes it, as Tencent's Python SDK does where there is no DELETE. */
  readonly mayBeEmptied?: boolean
  /** Problem with a configuration; `undefined` if it is valid. */
  readonly problem: (root: XmlElement) => string | undefined
  /** Valid settings that this store does not support. */
  readonly unsupported?: (root: XmlElement) => string | undefined
  /** Adds what COS adds when it returns the configuration. */
  readonly completed?: (root: XmlElement) => XmlElement
}

const shaped =
  (shape: Shape) =>
  (root: XmlElement): string | undefined =>
    shapeProblem(root, shape)

/** `qcs::cos:<region>::<bucket>` */
export const bucketResource = text('qcs::cos:<region>::<bucket>-<appid>', (value) =>
  /^qcs::cos:[a-z0-9-]+:[^:]*:[a-z0-9-]+-\d+$/.test(value),
)

const originTypes = ['Mirror', 'Proxy', 'Redirect']

/** https://cloud.tencent.com/document/product/436/34533 */
function originProblem(root: XmlElement): string | undefined {
  const rules = childrenOf(root, 'OriginRule')
  if (rules.length === 0) return 'it needs an OriginRule'
  const known = rules.every((rule) => originTypes.includes(childText(rule, 'OriginType') ?? ''))
  return known ? undefined : `the OriginType of a rule must be one of ${originTypes.join(', ')}`
}

/**
 * Configurations that differ only in their XML. Those with an effect are implemented elsewhere: websites in
 * `website/`, referers in `referer.ts`, default encryption in `operations/object-headers.ts`, acceleration in
 * `address.ts`.
 */
export const keptConfigurations = {
  Website: {
    parameter: 'website',
    root: 'WebsiteConfiguration',
    missing: 'NoSuchWebsiteConfiguration',
    mayBeDeleted: true,
    problem: websiteProblem,
    completed: withUrlRedirects,
  },
  Origin: {
    parameter: 'origin',
    root: 'OriginConfiguration',
    missing: 'OriginConfigurationNotFoundError',
    mayBeDeleted: true,
    problem: originProblem,
  },
  /** https://cloud.tencent.com/document/product/436/17054 */
  Logging: {
    parameter: 'logging',
    root: 'BucketLoggingStatus',
    missing: null,
    mayBeDeleted: false,
    problem: shaped(
      group({
        LoggingEnabled: maybe(group({ TargetBucket: one(someText), TargetPrefix: maybe(anyText) })),
      }),
    ),
  },
  /** https://cloud.tencent.com/document/product/436/38869 */
  Accelerate: {
    parameter: 'accelerate',
    root: 'AccelerateConfiguration',
    missing: null,
    mayBeDeleted: false,
    problem: shaped(group({ Status: one(oneOf('Enabled', 'Suspended')), Type: maybe(oneOf('COS')) })),
  },
  /** https://cloud.tencent.com/document/product/436/48821 */
  Domain: {
    parameter: 'domain',
    root: 'DomainConfiguration',
    missing: 'DomainConfigNotFoundError',
    mayBeDeleted: true,
    problem: shaped(
      group({
        DomainRule: some(
          20,
          group({
            Status: one(oneOf('ENABLED', 'DISABLED')),
            Name: one(text('a host name', (name) => /^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/i.test(name))),
            Type: one(oneOf('REST', 'WEBSITE', 'ACCELERATE')),
            ForcedReplacement: maybe(oneOf('CNAME', 'TXT')),
          }),
        ),
      }),
    ),
  },
  /** https://cloud.tencent.com/document/product/436/40137 */
  Encryption: {
    parameter: 'encryption',
    root: 'ServerSideEncryptionConfiguration',
    missing: 'NoSuchEncryptionConfiguration',
    mayBeDeleted: true,
    problem: encryptionProblem,
    unsupported: keyOfOwn,
    completed: withEncryptionAnswered,
  },
  /** https://cloud.tencent.com/document/product/436/32492: unset and empty elements are returned empty. */
  Referer: {
    parameter: 'referer',
    root: 'RefererConfiguration',
    missing: null,
    mayBeDeleted: false,
    mayBeEmptied: true,
    problem: (root) =>
      root.children.length === 0
        ? undefined
        : shapeProblem(
            root,
            group({
              Status: one(onOff),
              RefererType: one(oneOf('Black-List', 'White-List')),
              DomainList: one(group({ Domain: some(100, someText) })),
              EmptyReferConfiguration: maybe(oneOf('Allow', 'Deny')),
            }),
          ),
  },
  /** https://cloud.tencent.com/document/product/436/19223 */
  Replication: {
    parameter: 'replication',
    root: 'ReplicationConfiguration',
    missing: 'ReplicationConfigurationNotFoundError',
    mayBeDeleted: true,
    problem: shaped(
      group({
        Role: one(
          text('qcs::cam::uin/<uin>:uin/<uin>', (role) => /^qcs::cam::uin\/\d+:uin\/\d+$/.test(role)),
        ),
        Rule: some(
          1000,
          group({
            ID: maybe(anyText),
            Status: one(onOff),
            Priority: maybe(wholeNumber(0, 1000)),
            Prefix: maybe(anyText),
            DeleteMarkerReplication: maybe(group({ Status: one(onOff) })),
            Destination: one(group({ Bucket: one(bucketResource), StorageClass: maybe(someText) })),
          }),
        ),
      }),
    ),
  },
  /** https://cloud.tencent.com/document/product/436/51261 */
  IntelligentTiering: {
    parameter: 'intelligenttiering',
    root: 'IntelligentTieringConfiguration',
    missing: null,
    mayBeDeleted: false,
    problem: shaped(
      group({
        Status: one(oneOf('Enabled', 'Suspended')),
        Transition: maybe(
          group({ Days: one(oneOf('30', '60', '90')), RequestFrequent: maybe(wholeNumber(1, 1)) }),
        ),
      }),
    ),
  },
  /** https://cloud.tencent.com/document/product/436/85680 */
  ObjectLockConfiguration: {
    parameter: 'object-lock',
    root: 'ObjectLockConfiguration',
    missing: 'ObjectLockConfigurationNotFoundError',
    mayBeDeleted: false,
    problem: (root) => {
      const [rule] = childrenOf(root, 'Rule')
      const rest = { ...root, children: root.children.filter((child) => child !== rule) }
      return shapeProblem(rest, group({ ObjectLockEnabled: one(oneOf('Enabled')) }))
    },
    unsupported: (root) =>
      childrenOf(root, 'Rule').length === 0 ? undefined : 'Keeping objects for a time by default',
  },
} as const satisfies Readonly<Record<string, KeptConfiguration>>

export type KeptName = keyof typeof keptConfigurations
/** Operation such as `PutBucketReferer`. Some configurations cannot be deleted. */
export type KeptOperation = `${'Put' | 'Get' | 'Delete'}Bucket${KeptName}`

export const keptNames = Object.keys(keptConfigurations) as readonly KeptName[]

export function keptConfiguration(name: KeptName): KeptConfiguration {
  return keptConfigurations[name]
}
