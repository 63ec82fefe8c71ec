import { createHash, randomBytes } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { GatheredSha256 } from './gathered-sha256.js'

afterEach(() => {
  vi.unstubAllGlobals()
})

const content = randomBytes(100_000)
const expected = createHash('sha256').update(content).digest('hex')

async function digestInPieces(size: number): Promise<string> {
  const sha256 = new GatheredSha256(content.length)
  for (let at = 0; at < content.length; at += size) sha256.update(content.subarray(at, at + size))
  return sha256.digest()
}

test.each([1_000, 33_333, 100_000])('is that of all pieces of %i bytes', async (size) => {
  expect(await digestInPieces(size)).toBe(expected)
})

test('is the same on a page that is not secure, where WebCrypto is missing', async () => {
  vi.stubGlobal('crypto', {})
  expect(await digestInPieces(7_777)).toBe(expected)
})

test('is that of no bytes when none come', async () => {
  expect(await new GatheredSha256(0).digest()).toBe(createHash('sha256').digest('hex'))
})

test.each([true, false])('is that of one piece as it was when it came; secure page: %s', async (isSecure) => {
  if (!isSecure) vi.stubGlobal('crypto', {})
  const sha256 = new GatheredSha256(content.length)
  const piece = Uint8Array.from(content)
  sha256.update(piece)
  piece.fill(0)
  expect(await sha256.digest()).toBe(expected)
})
