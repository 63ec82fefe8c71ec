import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { KiB, MiB } from './harness/test-file.js'

const test = endToEnd()

test('over a slow line a large file stays in parts that are little to lose', async ({
  store,
  visitor,
  files,
}) => {
  await store.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond: 512 * KiB } })
  // A sparse file: its content does not matter here.
  const path = join(files.folder, 'film.mkv')
  await writeFile(path, '')
  await truncate(path, 2048 * MiB)
  const before = (await store.journal()).length
  const uploads = await visitor.open()
  const row = uploads.row(path)
  await uploads.pick(path)
  const parts = async () =>
    (await store.journal()).slice(before).filter(({ operation }) => operation === 'UploadPart')
  // More parts than the steps in which part sizes grow on a faster line.
  await expect.poll(async () => (await parts()).length, { timeout: 90_000 }).toBeGreaterThan(14)
  await row.cancel()
  for (const { received } of await parts()) expect(received).toBeLessThanOrEqual(4 * MiB)
})
