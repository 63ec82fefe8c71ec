import { CosError } from './errors.js'
import { matchesPattern } from './pattern.js'
import { childText, childTexts, childrenOf, parseXml } from './xml.js'

/**
 * Refuses an unsigned read if the bucket's rules do not allow its referer. Signed requests are not checked
 * (https://cloud.tencent.com/document/product/436/13319).
 *
 * @param configuration the stored `RefererConfiguration`; `undefined` if none.
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
 * Matches `www.qq.com/example`, `192.168.1.2:8080` or `*.qq.com`: the whole host, with any port unless one is
 * given, and a path prefix. The scheme is ignored.
 */
function fits(domain: string, referer: string): boolean {
  const [, wantedHost = '', wantedPath = ''] = /^(?:https?:\/\/)?([^/]*)([^]*)$/i.exec(domain) ?? []
  const [, host = '', path = ''] = /^(?:[a-z]+:\/\/)?(?:[^/@]*@)?([^/?#]*)([^]*)$/i.exec(referer) ?? []
  const known = /:\d+$/.test(wantedHost) ? host : host.replace(/:\d+$/, '')
  return (
    matchesPattern(wantedHost.toLowerCase(), known.toLowerCase()) && matchesPattern(`${wantedPath}*`, path)
  )
}
