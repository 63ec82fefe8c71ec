import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const { signal } = new AbortController()
const bytes = new TextEncoder().encode('carry on '.repeat(50_000))
const expected = createHash('md5').update(bytes).digest('hex')

beforeEach(() => vi.resetModules())
afterEach(() => vi.restoreAllMocks())

it('is computed without vectors where the browser knows none, of several at once', async () => {
  const { Md5Lanes } = await import('@carryon/hash/md5')
  const create = vi.spyOn(Md5Lanes, 'create').mockRejectedValue(new WebAssembly.CompileError('no vectors'))
  const { digestSlices } = await import('./digest-slices.js')
  const digests = await Promise.all([1, 2, 3].map(() => digestSlices([new Blob([bytes])], ['md5'], signal)))
  expect(digests.map(({ md5 }) => md5)).toEqual([expected, expected, expected])
  expect(create).toHaveBeenCalledOnce()
})

it('says what the page lacks where there is no WebAssembly at all', async () => {
  const refused = new WebAssembly.CompileError("Refused to compile, for 'unsafe-eval' is not allowed.")
  vi.spyOn(WebAssembly, 'instantiate').mockRejectedValue(refused)
  vi.spyOn(WebAssembly, 'compile').mockRejectedValue(refused)
  const { digestSlices } = await import('./digest-slices.js')
  await expect(digestSlices([new Blob([bytes])], ['md5'], signal)).rejects.toMatchObject({
    reason: 'unsupported',
    message: expect.stringContaining("'wasm-unsafe-eval'") as unknown,
  })
})
