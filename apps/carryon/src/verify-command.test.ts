import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Crc64Hasher } from '@carryon/hash'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyCommand } from './verify-command.js'

const MiB = 2 ** 20
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryon-verify-'))
})
afterAll(() => rm(folder, { recursive: true }))

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')

async function crc64Of(content: Uint8Array, type: 'crc64ecma' | 'crc64nvme' = 'crc64ecma') {
  const hasher = await Crc64Hasher.create(type)
  hasher.init()
  hasher.update(content)
  return hasher.digest()
}

/** Two parts of 1 MiB, then parts of 3 MiB. */
const runs = [
  { after: 0, partSize: MiB },
  { after: 2, partSize: 3 * MiB },
]
const content = randomBytes(6 * MiB + 5)
const cuts = [0, MiB, 2 * MiB, 5 * MiB, content.length]
const parts = cuts.slice(1).map((end, index) => content.subarray(cuts[index], end))

async function receipt(changes: object = {}) {
  return {
    carryonReceipt: 1,
    name: 'holiday.mp4',
    size: content.length,
    crc64: await crc64Of(content),
    crc64Type: 'crc64ecma',
    md5: null,
    etagsDigest: createHash('sha256').update(parts.map(md5).join('\n')).digest('hex'),
    partRuns: runs,
    comparedBy: ['object-crc64'],
    ...changes,
  }
}

let next = 0
const write = async (bytes: Uint8Array | string) => {
  const path = join(folder, `file-${(next += 1)}`)
  await writeFile(path, bytes)
  return path
}

async function verify(bytes: Uint8Array, changes: object = {}) {
  const lines: string[] = []
  const paths = [await write(bytes), await write(JSON.stringify(await receipt(changes)))] as const
  const verdict = await verifyCommand(...paths, (line) => lines.push(line))
  return { verdict, text: lines.join('\n') }
}

describe('carryon verify', () => {
  test('finds a copy the same by all that the receipt has', async () => {
    const { verdict, text } = await verify(content)
    expect(verdict).toBe('same')
    expect(text).toMatch(/size, CRC-64, MD5 of all parts/u)
  })

  test.each([0, MiB, 3 * MiB, content.length - 1])('finds one byte at %i that differs', async (at) => {
    const other = Buffer.from(content)
    other[at] = (other[at] ?? 0) ^ 1
    const { verdict, text } = await verify(other)
    expect(verdict).toBe('different')
    expect(text).toMatch(/different {2}CRC-64: \d+, and not \d+\ndifferent {2}MD5 of all parts/u)
  })

  test('finds it by the parts alone, and by the whole of a small file alone', async () => {
    const other = Buffer.from(content)
    other[2 * MiB] = (other[2 * MiB] ?? 0) ^ 1
    expect((await verify(content, { crc64: null })).verdict).toBe('same')
    expect((await verify(other, { crc64: null })).verdict).toBe('different')
    const only = { crc64: null, etagsDigest: null, md5: createHash('md5').update(content).digest('base64') }
    expect((await verify(content, only)).verdict).toBe('same')
    expect((await verify(other, only)).verdict).toBe('different')
    const amazon = { crc64Type: 'crc64nvme', crc64: await crc64Of(content, 'crc64nvme'), etagsDigest: null }
    expect((await verify(content, amazon)).verdict).toBe('same')
    expect((await verify(other, amazon)).verdict).toBe('different')
  })

  test('does not read a file of another size', async () => {
    const { verdict, text } = await verify(content.subarray(1))
    expect(verdict).toBe('different')
    expect(text).toContain(`size: ${content.length - 1} bytes, and not ${content.length}`)
  })

  test('compares an empty file', async () => {
    const empty = new Uint8Array()
    const changes = { size: 0, crc64: await crc64Of(empty), etagsDigest: null }
    expect((await verify(empty, changes)).verdict).toBe('same')
  })

  test('does not call a file the same by its size alone', async () => {
    const { verdict, text } = await verify(content, { crc64: null, etagsDigest: null })
    expect(verdict).toBe('not-compared')
    expect(text).toMatch(/nothing else to compare by/u)
  })

  test('takes the receipt from a pipe', async () => {
    const input = Readable.from([JSON.stringify(await receipt())])
    expect(await verifyCommand(await write(content), '-', () => undefined, input)).toBe('same')
  })

  test.each([
    ['no JSON', 'hello', /not JSON.*Copy receipt/u],
    ['other JSON', '{"size":1}', /not a receipt of Carryon's/u],
    ['of a later version', '{"carryonReceipt":2}', /version/u],
    ['parts that go back', JSON.stringify({ partRuns: [{ after: 4, partSize: 1 }] }), /not a receipt/u],
    ['an empty text', '', /not JSON/u],
  ])('says what is wrong with a receipt that is %s', async (_, text, words) => {
    const lines: string[] = []
    const verdict = await verifyCommand(await write(content), await write(text), (line) => lines.push(line))
    expect(verdict).toBe('not-compared')
    expect(lines.join('\n')).toMatch(words)
  })

  test('says which file cannot be read', async () => {
    const lines: string[] = []
    const receiptPath = await write(JSON.stringify(await receipt()))
    const missing = join(folder, 'missing')
    expect(await verifyCommand(missing, receiptPath, (line) => lines.push(line))).toBe('not-compared')
    expect(await verifyCommand(folder, receiptPath, (line) => lines.push(line))).not.toBe('same')
    expect(await verifyCommand(receiptPath, missing, (line) => lines.push(line))).toBe('not-compared')
    expect(lines.join('\n')).toMatch(/missing cannot be read.*ENOENT/u)
  })
})
