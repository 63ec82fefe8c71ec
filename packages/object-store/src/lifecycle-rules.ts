import { childOf, childrenOf, textOf } from './xml/read-xml.js'
import type { XmlElement } from './xml/read-xml.js'
import { element } from './xml/write-xml.js'

const ruleName = 'carryon-abort-incomplete'

/**
 * Days after which a bucket's lifecycle rules remove unfinished multipart uploads under `prefix`: the smallest of the
 * rules that cover all of it, or `null`. Rules for tagged objects do not count, because unfinished uploads have no
 * tags.
 */
export function abortDaysOf(configuration: XmlElement, prefix: string): number | null {
  const days = childrenOf(configuration, 'Rule')
    .filter((rule) => textOf(rule, 'Status')?.trim() === 'Enabled' && covers(rule, prefix))
    .map((rule) =>
      Number(textOf(childOf(rule, 'AbortIncompleteMultipartUpload') ?? rule, 'DaysAfterInitiation')),
    )
    .filter((count) => count > 0)
  return days.length === 0 ? null : Math.min(...days)
}

/**
 * The configuration with our rule for `prefix`, which replaces an earlier one. Putting a configuration replaces all
 * of it (436/8280), so all other rules are included unchanged.
 */
export function withAbortRule(configuration: XmlElement, prefix: string, days: number): XmlElement {
  const id = prefix === '' ? ruleName : `${ruleName}: ${prefix}`
  const rule = element('Rule', [
    element('ID', id),
    element('Filter', [element('Prefix', prefix)]),
    element('Status', 'Enabled'),
    element('AbortIncompleteMultipartUpload', [element('DaysAfterInitiation', String(days))]),
  ])
  const others = configuration.children.filter((child) => textOf(child, 'ID') !== id)
  return element(configuration.name, [...others, rule])
}

function covers(rule: XmlElement, prefix: string): boolean {
  const filter = childOf(rule, 'Filter') ?? rule // S3's older form has the prefix beside the status
  if (childOf(filter, 'Tag') !== undefined || childOf(filter, 'And') !== undefined) return false
  return prefix.startsWith(textOf(filter, 'Prefix') ?? '')
}
