import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StoreError } from './store-error.js'
import { encodeKey, encodeQuery, encodeStrictly } from './url-encoding.js'

describe('encodeStrictly', () => {
  it('leaves only unreserved characters', () => {
    expect(encodeStrictly("aZ09-_.~ /!'()*+&=;%中")).toBe(
      'aZ09-_.~%20%2F%21%27%28%29%2A%2B%26%3D%3B%25%E4%B8%AD',
    )
  })
})

describe('encodeKey', () => {
  it('keeps slashes', () => {
    expect(encodeKey('dir/a b+c.bin')).toBe('dir/a%20b%2Bc.bin')
  })

  it('encodes slashes where URL parsing would fold a segment away', () => {
    expect(encodeKey('../ 空 格&<b>+%.bin')).toBe('..%2F%20%E7%A9%BA%20%E6%A0%BC%26%3Cb%3E%2B%25.bin')
    expect(encodeKey('a/./b')).toBe('a%2F.%2Fb')
    expect(encodeKey('a/..')).toBe('a%2F..')
  })

  it('addresses exactly its key, whatever the key', () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc
        .array(fc.constantFrom('.', '..', '', 'a', '%2e', '\\'), { minLength: 1 })
        .map((list) => list.join('/')),
    )
    fc.assert(
      fc.property(key, fc.constantFrom('http://h', 'http://h/bucket'), (text, base) => {
        fc.pre(!['', '.', '..'].includes(text))
        const url = new URL(`${base}/${encodeKey(text)}`)
        expect(decodeURIComponent(`http://h${url.pathname}`)).toBe(`${base}/${text}`)
        expect(url.search + url.hash).toBe('')
      }),
    )
  })

  it.each(['', '.', '..', 'a\ud800b'])('refuses %j, which no URL can carry', (key) => {
    expect(() => encodeKey(key)).toThrow(StoreError)
    expect(() => encodeKey(key)).toThrow(expect.objectContaining({ code: 'InvalidRequest', status: 0 }))
  })
})

describe('encodeQuery', () => {
  it('encodes names and values and keeps the order', () => {
    expect(encodeQuery({ uploads: '', 'a b': 'c;d' })).toBe('uploads=&a%20b=c%3Bd')
  })
})
