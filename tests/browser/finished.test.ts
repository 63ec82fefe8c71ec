import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { listUploads } from './harness/server-uploads.js'

const test = endToEnd()

test('a finished file is deleted from its row, on this page and after a reload, once that is confirmed', async ({
  product,
  visitor,
  files,
}) => {
  const [first, second] = [await files.make('first.bin', 300_000), await files.make('second.bin', 2_000_000)]
  const uploads = await visitor.open()
  await uploads.pick(first.path, second.path)
  await uploads.row(first.path).waitFor('done')
  await uploads.row(second.path).waitFor('done')
  const done = async () =>
    (await listUploads(product.url, await visitor.cookie(), 'done')).map(({ name }) => name).toSorted()
  expect(await done()).toEqual(['first.bin', 'second.bin'])

  const rowOf = (name: string) => uploads.page.locator(`li[data-name="${name}"]`)
  await rowOf('first.bin').getByTestId('finished-delete').click()
  await uploads.page.keyboard.press('Escape')
  expect(await done()).toEqual(['first.bin', 'second.bin'])
  await rowOf('first.bin').getByTestId('finished-delete').click()
  await rowOf('first.bin').getByTestId('finished-delete-confirm').click()
  await expect.poll(() => rowOf('first.bin').count()).toBe(0)
  expect(await done()).toEqual(['second.bin'])

  await uploads.page.reload()
  await rowOf('second.bin').getByTestId('finished-delete').click()
  await rowOf('second.bin').getByTestId('finished-delete-confirm').click()
  await expect.poll(() => rowOf('second.bin').count()).toBe(0)
  expect(await done()).toEqual([])
})
