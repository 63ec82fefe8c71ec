import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { listUploads } from './harness/server-uploads.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()

test('whoever shows no owner, another or a forged one sees nothing', async ({ product, visitor, files }) => {
  const file = await files.make('mine.bin', 2 * MiB)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  const cookie = await visitor.cookie()
  expect(cookie).toMatch(/^carryon_owner_[\w.]+_\d+=\S+$/)
  const link = await row.url()
  const [mine] = await listUploads(product.url, cookie, 'done')
  expect(mine?.url).toBe(link)

  const [name = '', value = ''] = cookie.split(/=(.*)/s)
  const forged = [
    '',
    `${name}=`,
    `${name}=${flipped(value, 0)}`,
    `${name}=${flipped(value, value.length - 3)}`,
    `${name}=${value.split('.')[0] ?? ''}`,
  ]
  for (const other of forged) {
    expect(await listUploads(product.url, other, 'done')).toEqual([])
    const answer = await fetch(link, { headers: { cookie: other }, redirect: 'manual' })
    expect(answer.status).toBe(404)
    const cancelled = await fetch(new URL(`/api/uploads/${mine?.id ?? ''}`, product.url), {
      method: 'DELETE',
      headers: { cookie: other },
    })
    expect(cancelled.status).toBe(404)
  }
})

function flipped(text: string, index: number): string {
  const other = text[index] === 'A' ? 'B' : 'A'
  return text.slice(0, index) + other + text.slice(index + 1)
}
