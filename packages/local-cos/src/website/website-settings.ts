import { childText, childrenOf, parseXml, type XmlElement } from '../xml.js'

/** Website configuration of a bucket. Source: https://cloud.tencent.com/document/product/436/31930 */
export interface WebsiteSettings {
  /** Appended to a key that is empty or ends with a slash; `undefined` if all requests are redirected. */
  readonly index: string | undefined
  /** Protocol, and possibly host, to redirect all requests to. */
  readonly redirectAll: { readonly protocol: string; readonly host: string | undefined } | undefined
  /** Whether `/a` returns the object `a.html` if there is no object `a`. */
  readonly addsHtml: boolean
  readonly errorDocument:
    | {
        readonly key: string
        /** Whether the error document keeps the status of the error; otherwise the status is 200. */
        readonly keepsStatus: boolean
      }
    | undefined
  readonly rules: readonly RoutingRule[]
}

/** Target for requests with a key prefix or an error status. */
export interface RoutingRule {
  readonly prefix: string | undefined
  readonly errorStatus: number | undefined
  readonly protocol: string | undefined
  readonly key: string | undefined
  readonly keyPrefix: string | undefined
  /** Whether to redirect the browser; otherwise the other object is returned directly. */
  readonly isTold: boolean
}

/** Parses a `WebsiteConfiguration` that was validated when it was stored. */
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
