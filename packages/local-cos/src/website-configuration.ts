import { atPath, childText, childrenOf, type XmlElement } from './xml.js'
import {
  anyText,
  atMost,
  group,
  maybe,
  one,
  oneOf,
  onOff,
  shapeProblem,
  someText,
  text,
  wholeNumber,
} from './xml-shape.js'

/** https://cloud.tencent.com/document/product/436/31930 */
const website = group({
  IndexDocument: maybe(
    group({ Suffix: one(text('a name without a slash', (name) => /^[^/]+$/.test(name))) }),
  ),
  RedirectAllRequestsTo: maybe(group({ Protocol: maybe(oneOf('http', 'https')), HostName: maybe(someText) })),
  AutoAddressing: maybe(group({ Status: one(onOff) })),
  ErrorDocument: maybe(
    group({ Key: maybe(anyText), OriginalHttpStatus: maybe(onOff), Charity404: maybe(onOff) }),
  ),
  RoutingRules: maybe(
    group({
      RoutingRule: atMost(
        100,
        group({
          Condition: one(
            group({
              HttpErrorCodeReturnedEquals: maybe(wholeNumber(400, 499)),
              KeyPrefixEquals: maybe(someText),
            }),
          ),
          Redirect: one(
            group({
              Protocol: maybe(oneOf('http', 'https')),
              ReplaceKeyWith: maybe(someText),
              ReplaceKeyPrefixWith: maybe(anyText),
              URLRedirect: maybe(onOff),
            }),
          ),
        }),
      ),
    }),
  ),
})

/** Problem with a website configuration; `undefined` if it is valid. */
export function websiteProblem(root: XmlElement): string | undefined {
  const rules = childrenOf(root, 'RoutingRules').flatMap((list) => childrenOf(list, 'RoutingRule'))
  const names = (rule: XmlElement, part: string, one: readonly string[]): number =>
    childrenOf(rule, part)
      .flatMap(({ children }) => children)
      .filter(({ name }) => one.includes(name)).length
  const hasIndex = root.children.some(({ name }) => /^(?:IndexDocument|RedirectAllRequestsTo)$/.test(name))
  return (
    shapeProblem(root, website) ??
    (hasIndex ? undefined : 'it needs an IndexDocument with a Suffix') ??
    (rules.every(
      (rule) =>
        names(rule, 'Condition', ['HttpErrorCodeReturnedEquals', 'KeyPrefixEquals']) === 1 &&
        names(rule, 'Redirect', ['ReplaceKeyWith', 'ReplaceKeyPrefixWith']) === 1,
    )
      ? undefined
      : 'each RoutingRule needs one Condition, and one of ReplaceKeyWith and ReplaceKeyPrefixWith')
  )
}

/** Not documented, but the tests of Tencent's Python SDK expect it in every rule. */
const urlRedirect: XmlElement = { name: 'URLRedirect', children: [], text: 'Enabled' }

/** Configuration as COS returns it: each redirect has the element `URLRedirect`. */
export function withUrlRedirects(root: XmlElement): XmlElement {
  return atPath(root, ['RoutingRules', 'RoutingRule', 'Redirect'], (redirect) =>
    childText(redirect, 'URLRedirect') === undefined
      ? { ...redirect, children: [...redirect.children, urlRedirect] }
      : redirect,
  )
}
