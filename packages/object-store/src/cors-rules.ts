import type { CorsRule } from './store-calls.js'
import { childrenOf, textOf } from './xml/read-xml.js'
import type { XmlElement } from './xml/read-xml.js'
import { element } from './xml/write-xml.js'

/**
 * `<CORSConfiguration>` of the rules, in order: the first that matches counts (436/8279).
 * @param before the configuration that it replaces. Elements other than rules are kept: COS has `<ResponseVary>`,
 * which caches in front of a bucket depend on.
 */
export function corsXml(rules: readonly CorsRule[], before?: XmlElement): XmlElement {
  return element('CORSConfiguration', [
    ...rules.map((rule) =>
      element('CORSRule', [
        ...(rule.id === undefined ? [] : [element('ID', rule.id)]),
        ...rule.allowedOrigins.map((origin) => element('AllowedOrigin', origin)),
        ...rule.allowedMethods.map((method) => element('AllowedMethod', method)),
        ...rule.allowedHeaders.map((header) => element('AllowedHeader', header)),
        ...rule.exposeHeaders.map((header) => element('ExposeHeader', header)),
        element('MaxAgeSeconds', String(rule.maxAge)),
      ]),
    ),
    ...(before?.children ?? []).filter(({ name }) => name !== 'CORSRule'),
  ])
}

export function corsRulesOf(configuration: XmlElement): readonly CorsRule[] {
  return childrenOf(configuration, 'CORSRule').map((rule) => {
    const all = (name: string): string[] => childrenOf(rule, name).map(({ text }) => text)
    const id = textOf(rule, 'ID')
    return {
      ...(id === undefined ? {} : { id }),
      allowedOrigins: all('AllowedOrigin'),
      allowedMethods: all('AllowedMethod'),
      allowedHeaders: all('AllowedHeader'),
      exposeHeaders: all('ExposeHeader'),
      maxAge: Number(textOf(rule, 'MaxAgeSeconds') ?? 0) || 0,
    }
  })
}
