import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** With and without Node's `crypto`, which browsers do not have. */
test.each([
  ['WebCrypto', { getBuiltinModule: undefined }],
  ["Node's crypto", process],
])('hashes and signs with %s as the RFCs say', async (_, stub) => {
  vi.stubGlobal('process', stub)
  const { hashHex, hmac, importHmacKey, toHex } = await import('./hmac.js')
  // RFC 3174, test 1; FIPS 180-2, appendix B.1
  expect(await hashHex('SHA-1', 'abc')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d')
  expect(await hashHex('SHA-256', 'abc')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
  // RFC 2202, test 2; RFC 4231, test 2
  const text = 'what do ya want for nothing?'
  expect(toHex(await hmac(await importHmacKey('SHA-1', 'Jefe'), text))).toBe(
    'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
  )
  const key = await importHmacKey('SHA-256', new TextEncoder().encode('Jefe'))
  expect(toHex(await hmac(key, text))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})
