import { Query } from '../address.js'
import { CosError } from '../errors.js'
import { bucketOf, type Answer, type OperationContext } from '../operations/context.js'
import { getObject, headObject } from '../operations/get-object.js'
import type { Operation } from '../routes.js'
import { encodeStrictly } from '../signature.js'
import { parseWebsite, type RoutingRule, type WebsiteSettings } from './website-settings.js'

/** Operation of a request to a website host. @throws {@link CosError} `MethodNotAllowed` */
export function websiteOperation(method: string): Operation {
  if (method === 'GET') return 'GetObject'
  if (method === 'HEAD') return 'HeadObject'
  throw new CosError('MethodNotAllowed', `${method} is not possible on a website, which is only read.`)
}

/** Whether anyone may read an object. May throw the reason if not. */
type IsOpen = (key: string) => Promise<boolean>

/**
 * Answers with a page of a bucket's website. Source: https://cloud.tencent.com/document/product/436/14984
 *
 * @throws {@link CosError} `NoSuchBucket`, `NoSuchWebsiteConfiguration`, and the errors of reading an object
 */
export async function answerWebsite(context: OperationContext, isOpen: IsOpen): Promise<Answer> {
  const { website } = bucketOf(context).settings
  if (website === undefined) {
    throw new CosError('NoSuchWebsiteConfiguration', 'The bucket has no website: put one with ?website.')
  }
  const settings = parseWebsite(website)
  const { key } = context.address
  const { redirectAll, index = '', rules } = settings
  // This store serves only plain HTTP, so a redirect to HTTP on the same host is not needed.
  if (redirectAll !== undefined && (redirectAll.protocol !== 'http' || redirectAll.host !== undefined)) {
    return redirect(context, key, redirectAll)
  }
  const rule = rules.find(({ prefix }) => prefix !== undefined && key.startsWith(prefix))
  if (rule !== undefined) return follow(context, isOpen, rule)
  const page = key === '' || key.endsWith('/') ? key + index : key
  try {
    return await read(context, isOpen, page)
  } catch (error) {
    if (!(error instanceof CosError) || error.status < 400 || error.status >= 500) throw error
    return failed(context, isOpen, settings, error)
  }
}

/** Answers in place of an object that could not be read. @throws the original error, if there is no alternative */
async function failed(
  context: OperationContext,
  isOpen: IsOpen,
  { index, addsHtml, rules, errorDocument }: WebsiteSettings,
  error: CosError,
): Promise<Answer> {
  const { key } = context.address
  const isFile = key !== '' && !key.endsWith('/')
  if (isFile && !(await isThere(context, key))) {
    // Do not reveal objects the client may not read.
    const isShown = async (other: string): Promise<boolean> =>
      (await isThere(context, other)) && (await isOpen(other))
    if (addsHtml && (await isShown(`${key}.html`))) return read(context, isOpen, `${key}.html`)
    if (index !== undefined && (await isShown(`${key}/${index}`))) return redirect(context, `${key}/`)
  }
  const rule = rules.find(({ errorStatus }) => errorStatus === error.status)
  // A missing object must not redirect to itself forever.
  if (rule !== undefined && targetOf(rule, key) !== key) return follow(context, isOpen, rule)
  if (errorDocument === undefined) throw error
  // Drop conditions and ranges of the request: they are about the original object.
  const headers = { host: context.headers.host }
  const document = await read({ ...context, headers }, isOpen, errorDocument.key).catch(() => null)
  if (document === null) throw error
  return errorDocument.keepsStatus ? { ...document, status: error.status } : document
}

/** @throws {@link CosError} `AccessDenied`, `NoSuchKey` and more */
async function read(context: OperationContext, isOpen: IsOpen, key: string): Promise<Answer> {
  if (!(await isOpen(key))) {
    throw new CosError('AccessDenied', 'Access Denied. A website shows only what anyone may read.')
  }
  // A website has no sub-resources or versions, so the query is ignored.
  const address = { ...context.address, key, query: new Query([]) }
  const isHead = context.method === 'HEAD'
  return isHead ? headObject({ ...context, address }) : getObject({ ...context, address })
}

async function isThere(context: OperationContext, key: string): Promise<boolean> {
  return (await bucketOf(context).objects.find(key)) !== null
}

function targetOf({ key, keyPrefix = '', prefix = '' }: RoutingRule, asked: string): string {
  return key ?? keyPrefix + asked.slice(prefix.length)
}

async function follow(context: OperationContext, isOpen: IsOpen, rule: RoutingRule): Promise<Answer> {
  const target = targetOf(rule, context.address.key)
  if (!rule.isTold) return read(context, isOpen, target)
  return redirect(context, target, { protocol: rule.protocol ?? 'http', host: undefined })
}

function redirect(
  { headers }: OperationContext,
  key: string,
  { protocol, host }: { readonly protocol: string; readonly host: string | undefined } = {
    protocol: 'http',
    host: undefined,
  },
): Answer {
  const path = key.split('/').map(encodeStrictly).join('/')
  return { status: 302, headers: { Location: `${protocol}://${host ?? headers.host ?? ''}/${path}` } }
}
