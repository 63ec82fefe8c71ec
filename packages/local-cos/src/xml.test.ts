import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { childText, childTexts, element, escapeXml, parseXml, XmlSyntaxError } from './xml.js'

describe('XML', () => {
  it('reads elements, text, entities, CDATA, attributes and comments', () => {
    const root = parseXml(
      '<?xml version="1.0"?>\n<!-- c --><a xmlns="http://x/"><b>1 &amp; &#x4e2d;&#20013;</b><b><![CDATA[<2>]]></b><c d=\'e\'/></a>\n',
    )
    expect(root.name).toBe('a')
    expect(childTexts(root, 'b')).toEqual(['1 & 中中', '<2>'])
    expect(childText(root, 'c')).toBe('')
    expect(childText(root, 'd')).toBeUndefined()
  })

  it.each([
    '',
    'a',
    '<a>',
    '</a>',
    '<a></b>',
    '<a/><b/>',
    '<a>&unknown;</a>',
    '<a>&#0;</a>',
    '<a b></a>',
    '<!DOCTYPE a><a/>',
    '<a/>x',
  ])('refuses %j', (source) => {
    expect(() => parseXml(source)).toThrow(XmlSyntaxError)
  })

  it('reads back any text that it wrote', () => {
    const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const kept = text.replace(forbidden, '')
        expect(parseXml(element('a', text)).text).toBe(kept.trim())
      }),
    )
    expect(escapeXml('<a b="c">&')).toBe('&lt;a b=&quot;c&quot;&gt;&amp;')
  })

  it('is of as many elements as a request needs, and no more', () => {
    expect(parseXml(`<a>${'<b/>'.repeat(30_000)}</a>`).children).toHaveLength(30_000)
    expect(() => parseXml(`<a>${'<b/>'.repeat(60_000)}</a>`)).toThrow(XmlSyntaxError)
  })

  it('takes time linear in the body, whatever the body', () => {
    for (const source of [
      '<'.repeat(200_000),
      '<a '.repeat(100_000),
      '&'.repeat(200_000),
      `<a ${'b="c" '.repeat(50_000)}`,
    ]) {
      expect(() => parseXml(source)).toThrow(XmlSyntaxError)
    }
  })
})
