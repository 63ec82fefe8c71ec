import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { report } from './harness/measurements.js'
import { listUploads } from './harness/server-uploads.js'
import { readObject } from './harness/stored-object.js'
import { KiB, MiB } from './harness/test-file.js'

const test = endToEnd()

test('an empty file', async ({ visitor, files }) => {
  const file = await files.make('empty.txt', 0)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  const object = await readObject(await row.url(), await visitor.cookie())
  expect(object).toMatchObject({ size: 0, sha256: file.sha256 })
  expect(await row.text()).not.toMatch(/NaN|Infinity|undefined/)
})

test('a name that is a path, markup and Chinese at once is only a name', async ({ product, visitor }) => {
  const name = '../空 格&<b>.bin'
  const uploads = await visitor.open()
  await uploads.pick({ name, mimeType: '', buffer: Buffer.from('content') })
  const row = uploads.rowNamed(name)
  await row.waitFor('done')
  expect(await row.locator.innerText()).toContain('空 格&<b>.bin')
  expect(await row.locator.locator('b').count()).toBe(0)
  const object = await readObject(await row.url(), await visitor.cookie())
  expect(object.size).toBe(7)
  expect(object.disposition).toContain(`filename*=UTF-8''`)
  expect(decodeURIComponent(object.disposition)).toContain('空 格&<b>.bin')
  expect(object.disposition).not.toMatch(/\.\.\/|\.\.%2F/i)
  const [upload] = await listUploads(product.url, await visitor.cookie(), 'done')
  expect(upload?.name).toBe(name)
  expect(upload?.key).toMatch(/^uploads\//)
  expect(upload?.key).not.toMatch(/\.\.|[<>&\s]/)
})

test('two files at once', async ({ visitor, files }) => {
  const first = await files.make('first.bin', 96 * MiB, 1)
  const second = await files.make('second.bin', 64 * MiB, 2)
  const uploads = await visitor.open()
  await uploads.pick(first.path, second.path)
  for (const file of [first, second]) {
    const row = uploads.row(file.path)
    await row.waitFor('done')
    expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
  }
})

test('a file that is dropped', async ({ visitor }) => {
  const uploads = await visitor.open()
  const dropped = await uploads.page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['dropped content'], 'dropped.txt', { type: 'text/plain' }))
    return transfer
  })
  await uploads.page.getByTestId('drop-zone').dispatchEvent('drop', { dataTransfer: dropped })
  const row = uploads.row('dropped.txt')
  await row.waitFor('done')
  expect((await readObject(await row.url(), await visitor.cookie())).size).toBe('dropped content'.length)
})

test('the link of a finished file gives it back under its own name', async ({ visitor }) => {
  const uploads = await visitor.open()
  await uploads.pick({ name: '报告 2026 & plan.txt', mimeType: 'text/plain', buffer: Buffer.from('plan') })
  const row = uploads.rowNamed('报告 2026 & plan.txt')
  await row.waitFor('done')
  const download = visitor.chromium.context.waitForEvent('download')
  await row.locator.getByTestId('upload-url').click()
  expect((await download).suggestedFilename()).toBe('报告 2026 & plan.txt')
})

test('the same file picked again after it finished makes a second object, when that is wanted', async ({
  product,
  visitor,
  files,
}) => {
  const file = await files.make('twice.bin', 24 * MiB)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  await uploads.row(file.path).waitFor('done')
  await uploads.reload()
  await uploads.pick(file.path)
  await uploads.row(file.path).uploadAgain()
  await uploads.row(file.path).waitFor('done')
  await expectSeparateObjects(product.url, await visitor.cookie(), file.sha256, 2)
})

test('the same file picked twice at once never overwrites, and the second is asked about', async ({
  product,
  visitor,
  files,
}) => {
  const file = await files.make('at-once.bin', 96 * MiB)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  await uploads.pick(file.path)
  await expect.poll(() => uploads.rows.count()).toBe(2)
  await uploads.page.getByTestId('duplicate-copy').click()
  for (const row of [0, 1]) {
    const done = uploads.rows.nth(row).and(uploads.page.locator('[data-state="done"]'))
    await done.waitFor({ timeout: 60_000 })
  }
  await expectSeparateObjects(product.url, await visitor.cookie(), file.sha256, 2)
})

test('many small files', async ({ product, visitor, files }) => {
  const count = 200
  const small = []
  for (let index = 0; index < count; index++) {
    small.push(await files.make(`photo-${String(index).padStart(3, '0')}.jpg`, 20 * KiB, index))
  }
  const uploads = await visitor.open()
  const started = Date.now()
  await uploads.pick(...small.map(({ path }) => path))
  await expect
    .poll(async () => (await listUploads(product.url, await visitor.cookie(), 'done')).length, {
      timeout: 120_000,
      interval: 250,
    })
    .toBe(count)
  await report('many-small-files', { count, size: 20 * KiB, milliseconds: Date.now() - started })
  const done = await listUploads(product.url, await visitor.cookie(), 'done')
  expect(new Set(done.map(({ key }) => key)).size).toBe(count)
  const expected = new Map(small.map(({ path, sha256 }) => [path.slice(path.lastIndexOf('/') + 1), sha256]))
  for (const { name, url } of done) {
    expect((await readObject(String(url), await visitor.cookie())).sha256).toBe(expected.get(name))
  }
})

async function expectSeparateObjects(productUrl: string, cookie: string, sha256: string, count: number) {
  const done = await listUploads(productUrl, cookie, 'done')
  expect(done).toHaveLength(count)
  expect(new Set(done.map(({ key }) => key)).size).toBe(count)
  for (const { url } of done) expect((await readObject(String(url), cookie)).sha256).toBe(sha256)
}
