import { afterEach, beforeEach, expect, it, vi } from 'vitest'

// RFC 1321, appendix A.5.
const message = new TextEncoder().encode('message digest')
const expected = 'f96b697d7cb7938d525a2f31aaf161d0'

beforeEach(() => vi.resetModules())
afterEach(() => vi.restoreAllMocks())

it('needs nothing but what is there where the browser knows vectors', async () => {
  const { beginMd5 } = await import('./index.js')
  const md5 = await beginMd5(() => Promise.reject(new Error('Nothing is to be loaded.')))
  await md5.update(message)
  expect(md5.digest()).toBe(expected)
  md5.end()
})

it('loads another by the given loader where it knows none, and uses that again', async () => {
  const { beginMd5, Md5Lanes } = await import('./index.js')
  vi.spyOn(Md5Lanes, 'create').mockRejectedValue(new WebAssembly.CompileError('no vectors'))
  let loads = 0
  for (let count = 1; count <= 2; count++) {
    const md5 = await beginMd5((load) => {
      loads++
      return load()
    })
    await md5.update(message.subarray(0, 5))
    await md5.update(message.subarray(5))
    expect(md5.digest()).toBe(expected)
    md5.end()
    expect(loads).toBe(count)
  }
})

it('loads it by itself where no loader is given', async () => {
  const { beginMd5, Md5Lanes } = await import('./index.js')
  vi.spyOn(Md5Lanes, 'create').mockRejectedValue(new WebAssembly.CompileError('no vectors'))
  const md5 = await beginMd5()
  await md5.update(message)
  expect(md5.digest()).toBe(expected)
  md5.end()
})
