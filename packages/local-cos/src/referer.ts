import { CosError } from './errors.js'
import { matchesPattern } from './pattern.js'
import { childText, childTexts, childrenOf, parseXml } from './xml.js'

/**
 * Holds an unsigned read to the referers that the bucket allows. A request that is signed is not checked
 * (https://cloud.tencent.com/document/product/436/13319).
 *
 * @param configuration the `RefererConfiguration` as it was put; `undefined` for none.
 * @throws {@link CosError} `AccessDenied`
 */
export function checkReferer(configuration: string | undefined, referer: string | undefined): void {
  if (configuration === undefined) return
  const root = parseXml(configuration)
  if (childText(root, 'Status') !== 'Enabled') return
  if (!isAllowed(root, referer ?? '')) {
    throw new CosError('AccessDenied', 'You are denied by bucket referer rule')
  }
}

function isAllowed(root: ReturnType<typeof parseXml>, referer: string): boolean {
  // "Deny is the default" (436/32492).
  if (referer === '') return childText(root, 'EmptyReferConfiguration') === 'Allow'
  const domains = childrenOf(root, 'DomainList').flatMap((list) => childTexts(list, 'Domain'))
  const isListed = domains.some((domain) => fits(domain, referer))
  return childText(root, 'RefererType') === 'Black-List' ? !isListed : isListed
}

/**
 * `www.qq.com/example`, `192.168.1.2:8080` or `*.qq.com`: the host as a whole, of any port unless one is named, and the
 * beginning of the path. The scheme says nothing.
 */
function fits(domain: string, referer: string): boolean {
  const [, wantedHost = '', wantedPath = ''] = /^(?:https?:\/\/)?([^/]*)([^]*)$/i.exec(domain) ?? []
  const [, host = '', path = ''] = /^(?:[a-z]+:\/\/)?(?:[^/@]*@)?([^/?#]*)([^]*)$/i.exec(referer) ?? []
  const known = /:\d+$/.test(wantedHost) ? host : host.replace(/:\d+$/, '')
  return (
    matchesPattern(wantedHost.toLowerCase(), known.toLowerCase()) && matchesPattern(`${wantedPath}*`, path)
  )
}
