import { childText, childrenOf, parseXml, type XmlElement } from '../xml.js'

/** A bucket's website, as its configuration says. Source: https://cloud.tencent.com/document/product/436/31930 */
export interface WebsiteSettings {
  /** Stands behind a key that is empty or ends with a slash; `undefined` where all requests are redirected. */
  readonly index: string | undefined
  /** The protocol that all requests are to use. */
  readonly redirectAll: { readonly protocol: string; readonly host: string | undefined } | undefined
  /** Whether `/a` is the object `a.html` where there is no `a`. */
  readonly addsHtml: boolean
  readonly errorDocument:
    | {
        readonly key: string
        /** Whether it comes with the status of the error, else with 200. */
        readonly keepsStatus: boolean
      }
    | undefined
  readonly rules: readonly RoutingRule[]
}

/** Where a request goes that begins with a prefix, or ended with an error. */
export interface RoutingRule {
  readonly prefix: string | undefined
  readonly errorStatus: number | undefined
  readonly protocol: string | undefined
  readonly key: string | undefined
  readonly keyPrefix: string | undefined
  /** Whether the browser is told, else the other object is answered. */
  readonly isTold: boolean
}

/** Reads a `WebsiteConfiguration` that was found to be valid when it was put. */
export function parseWebsite(configuration: string): WebsiteSettings {
  const root = parseXml(configuration)
  const all = child(root, 'RedirectAllRequestsTo')
  const error = child(root, 'ErrorDocument')
  const errorKey = error === undefined ? '' : (childText(error, 'Key') ?? '')
  return {
    index: textAt(root, 'IndexDocument', 'Suffix'),
    redirectAll:
      all === undefined
        ? undefined
        : { protocol: childText(all, 'Protocol') ?? 'https', host: childText(all, 'HostName') },
    addsHtml: textAt(root, 'AutoAddressing', 'Status') === 'Enabled',
    errorDocument:
      error === undefined || errorKey === ''
        ? undefined
        : { key: errorKey, keepsStatus: childText(error, 'OriginalHttpStatus') !== 'Disabled' },
    rules: childrenOf(root, 'RoutingRules')
      .flatMap((list) => childrenOf(list, 'RoutingRule'))
      .map(parseRule),
  }
}

function parseRule(rule: XmlElement): RoutingRule {
  const errorStatus = textAt(rule, 'Condition', 'HttpErrorCodeReturnedEquals')
  return {
    prefix: textAt(rule, 'Condition', 'KeyPrefixEquals'),
    errorStatus: errorStatus === undefined ? undefined : Number(errorStatus),
    protocol: textAt(rule, 'Redirect', 'Protocol'),
    key: textAt(rule, 'Redirect', 'ReplaceKeyWith'),
    keyPrefix: textAt(rule, 'Redirect', 'ReplaceKeyPrefixWith'),
    isTold: textAt(rule, 'Redirect', 'URLRedirect') !== 'Disabled',
  }
}

function child(parent: XmlElement, name: string): XmlElement | undefined {
  return childrenOf(parent, name)[0]
}

function textAt(parent: XmlElement, name: string, of: string): string | undefined {
  const found = child(parent, name)
  return found === undefined ? undefined : childText(found, of)
}
