import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import { endToEnd, type Visitor } from './harness/end-to-end.js'

const test = endToEnd()

const allowClipboard = async ({ chromium }: Visitor, url: string) =>
  chromium.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin })
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText())

/** File name and bytes that a person who opens the link gets. */
async function downloadOf(page: Page, link: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    // Playwright reports a navigation that becomes a download as an error.
    page.goto(link).catch(() => null),
  ])
  const chunks: Buffer[] = []
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer)
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) }
}

test('two clicks give a link that a colleague opens in another browser, until the file is deleted', async ({
  product,
  visitor,
  arrive,
}) => {
  const buffer = Buffer.from('the minutes of the meeting')
  const uploads = await visitor.open()
  await allowClipboard(visitor, product.url)
  await uploads.pick({ name: '会议纪要.bin', mimeType: '', buffer })
  const row = uploads.row('会议纪要.bin')
  await row.waitFor('done')

  await row.locator.getByTestId('share-link').click()
  await row.locator.getByTestId('share-copy').click()
  await expect.poll(() => row.locator.getByTestId('share-copy').innerText()).toBe('Copied')
  const link = await clipboard(uploads.page)
  expect(link).toBe(await row.locator.getByTestId('share-url').inputValue())
  const words = await row.locator.getByTestId('share-who').innerText()
  expect(words).toMatch(/Anyone with this link can download this file until .+other files stay private/u)

  const colleague = await arrive({ locale: 'zh-CN' })
  const got = await downloadOf(colleague.chromium.page, link)
  expect(got.name).toBe('会议纪要.bin')
  expect(got.bytes.equals(buffer)).toBe(true)
  // It does not open the owner's other addresses.
  const own = await colleague.chromium.page.goto(await row.url())
  expect(own?.status()).toBe(404)
  expect(await colleague.chromium.page.innerText('h1')).toBe('这个文件没有分享给您')

  await row.locator.getByTestId('share-close').click()
  await row.locator.getByTestId('finished-delete').click()
  await row.locator.getByTestId('finished-delete-confirm').click()
  await expect.poll(() => row.locator.count()).toBe(0)
  const dead = await colleague.chromium.page.goto(link)
  expect(dead?.status()).toBe(404)
  expect(await colleague.chromium.page.innerText('h1')).toBe('链接无法打开')
  expect(await colleague.chromium.page.getAttribute('html', 'lang')).toBe('zh')
})

test('a week is one more click, by keyboard too, and the link says so', async ({ visitor }) => {
  const uploads = await visitor.open()
  await uploads.pick({ name: 'week.bin', mimeType: '', buffer: Buffer.from('a') })
  const row = uploads.row('week.bin')
  await row.waitFor('done')
  await row.locator.getByTestId('share-link').focus()
  await uploads.page.keyboard.press('Enter')
  const focused = () => uploads.page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
  await expect.poll(focused).toBe('share-copy')
  const untilOf = async () =>
    Number(
      new URL(await row.locator.getByTestId('share-url').inputValue(), 'http://none').searchParams.get(
        'until',
      ),
    )
  await expect.poll(untilOf).toBeGreaterThan(0)
  const day = await untilOf()
  await row.locator.getByTestId('share-expiry').first().focus()
  await uploads.page.keyboard.press('ArrowRight')
  await expect.poll(async () => Math.round(((await untilOf()) - day) / 86_400)).toBe(6)
  await uploads.page.keyboard.press('Escape')
  await expect.poll(() => row.locator.getByTestId('share-panel').count()).toBe(0)
  expect(await focused()).not.toBeNull()
})

test('a link that cannot be made says so, and the next click tries again', async ({ visitor }) => {
  const uploads = await visitor.open()
  await uploads.pick({ name: 'again.bin', mimeType: '', buffer: Buffer.from('a') })
  const row = uploads.row('again.bin')
  await row.waitFor('done')
  await uploads.page.route('**/link', (route) => route.abort())
  await row.locator.getByTestId('share-link').click()
  await row.locator.getByRole('alert').waitFor()
  expect(await row.locator.getByRole('alert').innerText()).toMatch(/Couldn't create a link/u)
  await uploads.page.unroute('**/link')
  await row.locator.getByTestId('share-copy').click()
  await row.locator.getByTestId('share-who').waitFor()
})
