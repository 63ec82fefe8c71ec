import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Crc64NvmeJs } from '@aws-sdk/checksums/crc'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { digestSlices } from './workers/digest-slices.js'
import { fileMemory, fileOwner, nodeFile, spooledFile } from './node.js'
import { crc64, hex } from './testing/sim-hasher.js'
import { contentOf } from './testing/sim-world.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryon-client-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const { signal } = new AbortController()
const head = { identity: '1:9:a', id: 'i', uploadId: 'u', name: 'a', size: 9, partSize: 4 }
const part = { partNumber: 2, size: 4, etag: 'e', crc64: '7' }

test('reads and hashes a file on disk in pieces', async () => {
  const bytes = contentOf(9 * 2 ** 20 + 3)
  await writeFile(join(folder, 'a.bin'), bytes)
  const file = await nodeFile(join(folder, 'a.bin'))
  expect(file).toMatchObject({ name: 'a.bin', size: bytes.length })
  const half = 5 * 2 ** 20
  const slices = [file.slice(0, half), file.slice(half, file.size)]
  expect(await digestSlices(slices, ['md5', 'crc64ecma', 'sha256'], signal)).toEqual({
    md5: hex(bytes, 'md5'),
    crc64: crc64(bytes),
    sha256: hex(bytes, 'sha256'),
    size: bytes.length,
  })
  const theirs = new Crc64NvmeJs()
  theirs.update(bytes)
  const nvme = Buffer.from(await theirs.digest())
    .readBigUInt64BE()
    .toString()
  expect(await digestSlices(slices, ['crc64nvme'], signal)).toEqual({ crc64: nvme, size: bytes.length })
})

test('CRC-64s are those of the catalogue', async () => {
  const slice = [new Blob(['123456789'])]
  // Check values of the reveng catalogue for CRC-64/XZ and CRC-64/NVME.
  const ecma = BigInt('0x995dc9bbdf1939fa').toString()
  const nvme = BigInt('0xae8b14860a799888').toString()
  expect(await digestSlices(slice, ['crc64ecma'], signal)).toEqual({ crc64: ecma, size: 9 })
  expect(await digestSlices(slice, ['crc64nvme'], signal)).toEqual({ crc64: nvme, size: 9 })
})

test('a file that was changed after it was picked cannot be read any more', async () => {
  const path = join(folder, 'a.bin')
  await writeFile(path, contentOf(1000))
  const file = await nodeFile(path)
  await writeFile(path, contentOf(1000, 2))
  await expect(digestSlices([file.slice(0, 1000)], ['crc64ecma'], signal)).rejects.toMatchObject({
    reason: 'source-changed',
  })
})

test('nor one that became shorter, or went', async () => {
  const path = join(folder, 'a.bin')
  await writeFile(path, contentOf(1000))
  const [cut, gone] = [await nodeFile(path), await nodeFile(path)]
  await truncate(path, 10)
  await expect(digestSlices([cut.slice(0, 1000)], ['crc64ecma'], signal)).rejects.toMatchObject({
    name: 'TransportError',
  })
  await rm(path)
  await expect(digestSlices([gone.slice(0, 1000)], ['crc64ecma'], signal)).rejects.toMatchObject({
    name: 'TransportError',
  })
})

test('a file that is not there is named', async () => {
  await expect(nodeFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'file-unreadable' })
})

test.each([
  ['.', 'it is a folder'],
  ['/dev/null', 'it is no regular file'],
  ['/proc/self/status', 'it has no size of its own'],
])('%s is no file to upload', async (path, reason) => {
  if (path !== '.' && !existsSync(path)) return
  const refused = { code: 'file-unreadable', message: expect.stringContaining(reason) as string }
  await expect(nodeFile(path)).rejects.toMatchObject(refused)
})

test('an empty file is one', async () => {
  await writeFile(join(folder, 'empty'), '')
  expect(await nodeFile(join(folder, 'empty'))).toMatchObject({ name: 'empty', size: 0 })
})

test('what comes out of a pipe is copied, and the copy is gone after', async () => {
  const bytes = contentOf(300_000)
  const spooled = await spooledFile(Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]), {
    name: 'backup.tar',
    folder,
  })
  expect(spooled.file).toMatchObject({ name: 'backup.tar', size: bytes.length })
  expect(await digestSlices([spooled.file.slice(0, bytes.length)], ['md5'], signal)).toMatchObject({
    md5: hex(bytes, 'md5'),
  })
  await spooled.remove()
  expect(await readdir(folder)).toEqual([])
})

test.each([
  ['nothing', Readable.from([])],
  [
    'a failure',
    Readable.from(
      (function* () {
        yield Buffer.from('some')
        throw new Error('the disk is gone')
      })(),
    ),
  ],
])('a pipe with %s in it is refused, and leaves no copy', async (_, stream) => {
  await expect(spooledFile(stream, { name: 'a', folder })).rejects.toMatchObject({ code: 'file-unreadable' })
  expect(await readdir(folder)).toEqual([])
})

test('of owners that are claimed at once one is kept, and each is told that one', async () => {
  const claims = ['a', 'b', 'c', 'd'].map((key) => fileOwner(folder, 'http://a.test/api').claim(key))
  const [first, ...others] = await Promise.all(claims)
  expect(others).toEqual([first, first, first])
  expect(await fileOwner(folder, 'http://a.test/api').get()).toBe(first)
  expect(await fileOwner(folder, 'http://b.test/api').get()).toBeNull()
  const [file = '', ...rest] = await readdir(folder)
  expect(rest).toEqual([])
  expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600)
})

test('a key that the server replaced is replaced, and one of an earlier version is found', async () => {
  const server = 'http://a.test/api'
  await writeFile(join(folder, 'owners.json'), JSON.stringify({ [server]: 'earlier' }))
  const owner = fileOwner(folder, server)
  expect(await owner.claim('new')).toBe('earlier')
  await owner.set('newer')
  expect(await fileOwner(folder, server).get()).toBe('newer')
})

test('keys that the server does not know any more are kept beside the new one, each of them', async () => {
  const owner = fileOwner(folder, 'http://a.test/api')
  await owner.set('first')
  await owner.set('first')
  expect(await readdir(folder)).toHaveLength(1)
  const kept = [await owner.replace('second'), await owner.replace('third')]
  expect(await owner.get()).toBe('third')
  const keys = await Promise.all(kept.map(async (path) => readFile(path ?? '', 'utf8')))
  expect(keys.map((text) => (JSON.parse(text) as { key: string }).key)).toEqual(['first', 'second'])
  expect(kept[0]).toMatch(/owner-[0-9a-f]{16}\.json\.1$/u)
  expect((await stat(kept[0] ?? '')).mode & 0o777).toBe(0o600)
})

test('remembers across processes, and forgets what is done with', async () => {
  const path = join(folder, 'deep', 'memory.jsonl')
  const first = fileMemory(path)
  await first.begin(head)
  await first.addPart(head.identity, 'i', part)
  await first.addPart(head.identity, 'another id', { ...part, partNumber: 3 })
  await first.begin({ ...head, identity: 'done' })
  await first.delete('done')

  const second = fileMemory(path)
  expect(await second.get(head.identity)).toEqual({ ...head, parts: [part] })
  expect(await second.all()).toHaveLength(1)
  expect(await readFile(path, 'utf8')).not.toContain('done')
})

test('skips a line that a crash cut short', async () => {
  const path = join(folder, 'memory.jsonl')
  const first = fileMemory(path)
  await first.begin(head)
  await writeFile(path, `${await readFile(path, 'utf8')}{"part":{"partNu`)
  expect(await fileMemory(path).get(head.identity)).toEqual({ ...head, parts: [] })
})
