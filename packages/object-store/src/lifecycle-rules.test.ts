import { describe, expect, it } from 'vitest'
import { abortDaysOf, withAbortRule } from './lifecycle-rules.js'
import { readXml } from './xml/read-xml.js'
import { element, writeXml } from './xml/write-xml.js'

const abort = (days: number): string =>
  `<AbortIncompleteMultipartUpload><DaysAfterInitiation>${days}</DaysAfterInitiation></AbortIncompleteMultipartUpload>`

function configuration(...rules: readonly string[]) {
  return readXml(
    `<LifecycleConfiguration>${rules.map((rule) => `<Rule>${rule}</Rule>`).join('')}</LifecycleConfiguration>`,
  )
}

describe('abortDaysOf', () => {
  const on = '<Status>Enabled</Status>'

  it('is the smallest of the rules that cover the prefix', () => {
    const rules = configuration(
      `<Filter><Prefix>uploads/</Prefix></Filter>${on}${abort(7)}`,
      `<Filter/>${on}${abort(9)}`,
      `<Prefix>up</Prefix>${on}${abort(8)}`,
      `<Filter><Prefix>uploads/2026/</Prefix></Filter>${on}${abort(1)}`,
    )
    expect(abortDaysOf(rules, 'uploads/')).toBe(7)
    expect(abortDaysOf(rules, 'uploads/2026/11')).toBe(1)
    expect(abortDaysOf(rules, 'other/')).toBe(9)
  })

  it('is null when none does', () => {
    const rules = configuration(
      `<Filter/><Status>Disabled</Status>${abort(1)}`,
      `<Filter><And><Prefix></Prefix><Tag><Key>a</Key><Value>b</Value></Tag></And></Filter>${on}${abort(1)}`,
      `<Filter/>${on}<Expiration><Days>3</Days></Expiration>`,
    )
    expect(abortDaysOf(rules, 'uploads/')).toBeNull()
    expect(abortDaysOf(element('LifecycleConfiguration'), '')).toBeNull()
  })
})

describe('withAbortRule', () => {
  it("replaces its own earlier rule and carries everybody else's over", () => {
    const foreign = `<ID>old logs</ID><Filter><And><Prefix>a&amp;b</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><Status>Enabled</Status><Expiration><Days>3</Days></Expiration>`
    const before = configuration(foreign)
    const after = withAbortRule(withAbortRule(before, 'uploads/', 7), 'uploads/', 3)
    expect(after.children).toHaveLength(2)
    expect(after.children[0]).toEqual(before.children[0])
    expect(abortDaysOf(after, 'uploads/')).toBe(3)
    expect(readXml(new TextDecoder().decode(writeXml(after)))).toEqual(after)
  })

  it('keeps one rule for each prefix', () => {
    const empty = element('LifecycleConfiguration')
    const after = withAbortRule(withAbortRule(empty, 'a/', 1), '', 5)
    expect([abortDaysOf(after, 'a/'), abortDaysOf(after, 'b/')]).toEqual([1, 5])
  })
})
