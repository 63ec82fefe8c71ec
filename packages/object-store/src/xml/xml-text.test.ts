import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeXmlText, encodeXmlText } from './xml-text.js'

describe('decodeXmlText', () => {
  it.each([
    ['&quot;a&#34;&#x22;&amp;&lt;&gt;&apos;', '"a""&<>\''],
    ['&amp;quot;', '&quot;'],
    ['<![CDATA[<a>&amp;]]>&amp;<![CDATA[]]>', '<a>&amp;&'],
    ['&#x1F600;', '\u{1f600}'],
    ['&unknown; &#x110000; & &;', '&unknown; &#x110000; & &;'],
  ])('%s', (written, text) => {
    expect(decodeXmlText(written)).toBe(text)
  })
})

describe('encodeXmlText', () => {
  it('is undone by decoding and holds no markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(encodeXmlText(text)).not.toMatch(/[<>"'\r]/)
        expect(decodeXmlText(encodeXmlText(text))).toBe(text)
      }),
    )
  })
})
