import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readBase64Crc64, writeBase64Crc64 } from './base64-crc64.js'

it.each([
  ['AAAAAAAAAAA=', '0'],
  ['//////////8=', '18446744073709551615'],
  // reveng's catalogue of CRCs: CRC-64/NVME of "123456789" is 0xAE8B14860A799888.
  ['rosUhgp5mIg=', '12577168950296156296'],
])('%s is %s', (base64, decimal) => {
  expect(readBase64Crc64(base64)).toBe(decimal)
  expect(writeBase64Crc64(decimal)).toBe(base64)
})

it('reads what Node writes, and writes what Node reads', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
      const buffer = Buffer.from(bytes)
      const decimal = buffer.readBigUInt64BE().toString()
      expect(readBase64Crc64(buffer.toString('base64'))).toBe(decimal)
      expect(writeBase64Crc64(decimal)).toBe(buffer.toString('base64'))
    }),
  )
})

it.each(['', 'rosUhgp5mIg', 'rosUhgp5mIg=-4', 'AAAA', 'ros-hgp5mIg=', '12577168950296156296'])(
  '%j is none',
  (text) => {
    expect(readBase64Crc64(text)).toBeUndefined()
  },
)
