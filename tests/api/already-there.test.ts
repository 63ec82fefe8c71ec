import { randomBytes } from 'node:crypto'
import { createUploader } from '@carryon/client'
import type { OnDuplicate, UploadResult } from '@carryon/client'
import { afterEach, expect, test } from 'vitest'
import { startService } from './support/service.js'
import type { Service } from './support/service.js'

const mebibyte = 2 ** 20
const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function service(): Promise<Service> {
  const started = await startService()
  closing.push(() => started.close())
  return started
}

function upload(
  { backend }: Service,
  bytes: Uint8Array<ArrayBuffer>,
  onDuplicate: OnDuplicate = 'copy',
): Promise<UploadResult> {
  const uploader = createUploader({ backend, partSize: mebibyte, onDuplicate })
  closing.push(() => uploader.close())
  return uploader.upload(new File([bytes], 'film.mp4')).done
}

test.each([
  ['of many parts', 20 * mebibyte + 5, ['object-crc64', 'part-md5', 'size']],
  ['that went as one PUT', mebibyte, ['part-md5', 'size']],
  ['of no bytes', 0, ['part-md5', 'size']],
])('a file %s is recognised and not sent again', async (_, size, verified) => {
  const running = await service()
  const bytes = randomBytes(size)
  const first = await upload(running, bytes)
  const sent = () =>
    ['UploadPart', 'PutObject', 'PostObject'].map(
      (operation) => running.local.counters[operation]?.acknowledged,
    )
  const before = sent()
  expect(await upload(running, bytes, 'reuse')).toEqual({ ...first, verified, reused: true })
  expect(sent()).toEqual(before)
})

test('an object that was removed, or replaced, is not taken for the file', async () => {
  const running = await service()
  const bytes = randomBytes(9 * mebibyte)
  const first = await upload(running, bytes)
  await running.store.putObject(first.key, randomBytes(9 * mebibyte))
  const second = await upload(running, bytes, 'reuse')
  expect(second.key).not.toBe(first.key)
  await running.store.deleteObject(second.key)
  const third = await upload(running, bytes, 'reuse')
  expect(third.key).not.toBe(second.key)
  expect(Buffer.compare(await running.read(third.key), bytes)).toBe(0)
})
