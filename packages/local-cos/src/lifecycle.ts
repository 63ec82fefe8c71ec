import { CosError } from './errors.js'
import { parseBodyXml } from './request-xml.js'
import type { Tag } from './storage/object-record.js'
import { childrenOf, childText, type XmlElement } from './xml.js'

/** The parts of a lifecycle rule that this store supports. Source: https://cloud.tencent.com/document/product/436/8280 */
export interface LifecycleRule {
  readonly prefix: string
  /** Tags an object must have, all of them. */
  readonly tags: readonly Tag[]
  /** Age in days at which unfinished uploads are aborted; `null` if the rule does not abort uploads. */
  readonly abortUploadsAfterDays: number | null
  /** Age in days at which objects are deleted; `null` for never. */
  readonly expireObjectsAfterDays: number | null
  /** Days after which a superseded version is removed permanently; `null` for never. */
  readonly expireNoncurrentAfterDays: number | null
  /** Whether to remove delete markers without earlier versions. */
  readonly expireLoneMarkers: boolean
}

const maxRules = 1000

/** Returns the enabled rules. @throws {@link CosError} `MalformedXML` */
export function parseLifecycle(xml: string): readonly LifecycleRule[] {
  const root = parseBodyXml(xml, 'LifecycleConfiguration')
  const rules = root.children.filter(({ name }) => name === 'Rule')
  if (rules.length === 0 || rules.length > maxRules) {
    throw new CosError('MalformedXML', `A lifecycle configuration has 1 to ${maxRules} rules.`)
  }
  return rules.flatMap((rule) => {
    const status = childText(rule, 'Status')
    if (status !== 'Enabled' && status !== 'Disabled') {
      throw new CosError('MalformedXML', 'The Status of a lifecycle rule is Enabled or Disabled.')
    }
    const parsed = {
      ...filterOf(rule),
      abortUploadsAfterDays: days(rule, 'AbortIncompleteMultipartUpload', 'DaysAfterInitiation'),
      expireObjectsAfterDays: days(rule, 'Expiration', 'Days'),
      expireNoncurrentAfterDays: days(rule, 'NoncurrentVersionExpiration', 'NoncurrentDays'),
      expireLoneMarkers: childrenOf(rule, 'Expiration').some(
        (expiration) => childText(expiration, 'ExpiredObjectDeleteMarker') === 'true',
      ),
    }
    return status === 'Enabled' ? [parsed] : []
  })
}

/**
 * Parses the filter of a rule. Unknown filters are refused: ignoring one would make the rule delete too much.
 *
 * @throws {@link CosError} `MalformedXML`
 */
function filterOf(rule: XmlElement): Pick<LifecycleRule, 'prefix' | 'tags'> {
  const [filter] = childrenOf(rule, 'Filter')
  const [and] = filter === undefined ? [] : childrenOf(filter, 'And')
  const conditions = and ?? filter
  const unknown = conditions?.children.find(({ name }) => name !== 'Prefix' && name !== 'Tag')
  if (unknown !== undefined) {
    throw new CosError('MalformedXML', `A Filter has Prefix, Tag or And of both, not ${unknown.name}.`)
  }
  const tags = conditions === undefined ? [] : childrenOf(conditions, 'Tag')
  return {
    prefix: childText(conditions ?? rule, 'Prefix') ?? childText(rule, 'Prefix') ?? '',
    tags: tags.map((tag) => ({ key: childText(tag, 'Key') ?? '', value: childText(tag, 'Value') ?? '' })),
  }
}

function days(rule: XmlElement, action: string, name: string): number | null {
  const found = rule.children.find((child) => child.name === action)
  const text = found === undefined ? undefined : childText(found, name)
  if (text === undefined) return null
  if (!/^\d{1,5}$/.test(text)) throw new CosError('MalformedXML', `${name} must be a whole number of days.`)
  return Number(text)
}
