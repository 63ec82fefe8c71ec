import { CosError, type CosErrorCode } from '../errors.js'
import { parseBodyXml } from '../request-xml.js'
import { childText, childrenOf, formatXml, type XmlElement } from '../xml.js'
import { bucketOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { maxConfigurationSize, readXmlBody } from './request-body.js'

/** A configuration of a bucket that is kept and given back, and changes nothing else. */
interface Configuration {
  readonly setting: 'website' | 'origin'
  readonly root: string
  readonly missing: CosErrorCode
  /** What is wrong with it; `undefined` when it can be kept. */
  readonly problem: (root: XmlElement) => string | undefined
  /** With the defaults of what was left out. */
  readonly completed?: (root: XmlElement) => XmlElement
}

/** https://cloud.tencent.com/document/product/436/31930 */
const website: Configuration = {
  setting: 'website',
  root: 'WebsiteConfiguration',
  missing: 'NoSuchWebsiteConfiguration',
  problem: (root) => {
    const index = childrenOf(root, 'IndexDocument')[0]
    const suffix = index === undefined ? undefined : childText(index, 'Suffix')
    if (suffix === '' || suffix?.includes('/'))
      return 'the Suffix of its IndexDocument is empty or has a slash'
    const redirects = childrenOf(root, 'RedirectAllRequestsTo').length > 0
    return suffix === undefined && !redirects ? 'it needs an IndexDocument with a Suffix' : undefined
  },
  completed: (root) =>
    atPath(root, ['RoutingRules', 'RoutingRule', 'Redirect'], (redirect) =>
      childText(redirect, 'URLRedirect') === undefined
        ? { ...redirect, children: [...redirect.children, urlRedirect] }
        : redirect,
    ),
}

/** No document names it; the tests of Tencent's SDK for Python expect it of every rule. */
const urlRedirect: XmlElement = { name: 'URLRedirect', children: [], text: 'Enabled' }

/** An element with a change to all that is below it at that path. */
function atPath(
  parent: XmlElement,
  [name, ...rest]: readonly string[],
  change: (found: XmlElement) => XmlElement,
): XmlElement {
  if (name === undefined) return change(parent)
  const children = parent.children.map((child) => (child.name === name ? atPath(child, rest, change) : child))
  return { ...parent, children }
}

const originTypes = ['Mirror', 'Proxy', 'Redirect']

/** https://cloud.tencent.com/document/product/436/34533 */
const origin: Configuration = {
  setting: 'origin',
  root: 'OriginConfiguration',
  missing: 'OriginConfigurationNotFoundError',
  problem: (root) => {
    const rules = childrenOf(root, 'OriginRule')
    if (rules.length === 0) return 'it needs an OriginRule'
    const known = rules.every((rule) => originTypes.includes(childText(rule, 'OriginType') ?? ''))
    return known ? undefined : `the OriginType of a rule must be one of ${originTypes.join(', ')}`
  },
}

async function put(context: OperationContext, configuration: Configuration): Promise<Answer> {
  const bucket = bucketOf(context)
  const { root, setting } = configuration
  const given = parseBodyXml(await readXmlBody(context, maxConfigurationSize), root)
  const problem = configuration.problem(given)
  if (problem !== undefined) {
    throw new CosError('MalformedXML', `The ${root} cannot be used: ${problem}. Nothing was changed.`)
  }
  await bucket.change({ [setting]: formatXml(configuration.completed?.(given) ?? given) })
  return { status: 200 }
}

async function get(context: OperationContext, { setting, missing }: Configuration): Promise<Answer> {
  const xml = bucketOf(context).settings[setting]
  if (xml === undefined) throw new CosError(missing, `The bucket has no configuration of its ${setting}.`)
  return xmlAnswer(xml)
}

async function remove(context: OperationContext, { setting }: Configuration): Promise<Answer> {
  await bucketOf(context).change({ [setting]: undefined })
  return { status: 204 }
}

type Operate = (context: OperationContext) => Promise<Answer>

export const putBucketWebsite: Operate = async (context) => put(context, website)
export const getBucketWebsite: Operate = async (context) => get(context, website)
export const deleteBucketWebsite: Operate = async (context) => remove(context, website)
export const putBucketOrigin: Operate = async (context) => put(context, origin)
export const getBucketOrigin: Operate = async (context) => get(context, origin)
export const deleteBucketOrigin: Operate = async (context) => remove(context, origin)
