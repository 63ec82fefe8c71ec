import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { XmlError, childOf, childrenOf, readXml, textOf } from './read-xml.js'
import type { XmlElement } from './read-xml.js'
import { element, writeXml } from './write-xml.js'

describe('readXml', () => {
  it('reads what COS writes, after the blanks of a long complete', () => {
    const root = readXml(`   \n  <?xml version="1.0" encoding="UTF-8"?>
      <!-- joined --><CompleteMultipartUploadResult xmlns="http://www.qcloud.com/document/product/436/7751" a='>'>
        <Key> a&amp;b </Key><ETag>&quot;ab-3&quot;</ETag><Empty/><Empty /><x:Other xmlns:x="y"><![CDATA[<c>]]></x:Other>
      </CompleteMultipartUploadResult>\n `)
    expect(root.name).toBe('CompleteMultipartUploadResult')
    expect(textOf(root, 'Key')).toBe(' a&b ')
    expect(textOf(root, 'ETag')).toBe('"ab-3"')
    expect(textOf(root, 'Other')).toBe('<c>')
    expect(childrenOf(root, 'Empty')).toHaveLength(2)
    expect(childrenOf(root, 'Part')).toEqual([])
    expect(childOf(root, 'Part')).toBeUndefined()
  })

  it('finds the first of several names', () => {
    expect(textOf(readXml('<U><UploadID>1</UploadID></U>'), 'UploadId', 'UploadID')).toBe('1')
  })

  it('knows no entities but its own, so that none can expand', () => {
    const document = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    expect(() => readXml(document)).toThrow(XmlError)
  })

  it.each([
    ['', 'nothing'],
    ['   ', 'blanks'],
    ['<a>', 'an open element'],
    ['<a><b></a></b>', 'crossed elements'],
    ['<a></a', 'a cut end'],
    ['<a/><b/>', 'two roots'],
    ['<a/>x', 'text after the root'],
    ['{"a":1}', 'JSON'],
    ['<a><![CDATA[x</a>', 'an open CDATA section'],
  ])('refuses %j: %s', (document) => {
    expect(() => readXml(document)).toThrow(XmlError)
  })

  it('refuses every proper beginning of a document', () => {
    const document = '<R a="1"><Key>x &amp; y</Key><E/></R>'
    for (let length = 0; length < document.length; length++) {
      expect(() => readXml(document.slice(0, length))).toThrow(XmlError)
    }
    expect(readXml(document).name).toBe('R')
  })

  it('either reads or throws an XmlError, whatever the text', () => {
    const pieces = fc.constantFrom(
      '<a>',
      '</a>',
      '<a',
      '"',
      "'",
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '&',
      '<?',
      '/',
      'x',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), (list) => {
        try {
          readXml(list.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(XmlError)
        }
      }),
    )
  })

  it('takes linear time over hostile text', () => {
    const hostile = [
      '<' + 'a'.repeat(200_000),
      '<a' + ' x'.repeat(200_000),
      '<a "'.repeat(100_000),
      '<!--'.repeat(100_000),
    ]
    for (const document of hostile) expect(() => readXml(document)).toThrow(XmlError)
  })
})

describe('writeXml', () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,5}$/)
  const tree = fc.letrec<{ element: XmlElement }>((tie) => ({
    element: fc.oneof(
      { depthSize: 'small' },
      fc.tuple(name, fc.string({ unit: 'binary' })).map(([of, text]) => element(of, text)),
      fc
        .tuple(name, fc.array(tie('element'), { minLength: 1 }))
        .map(([of, children]) => element(of, children)),
    ),
  }))

  it('is undone by reading', () => {
    fc.assert(
      fc.property(tree.element, (root) => {
        expect(readXml(new TextDecoder().decode(writeXml(root)))).toEqual(root)
      }),
    )
  })
})
