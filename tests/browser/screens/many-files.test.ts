import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startDemoPages, type DemoPages } from './demo-page.js'
import { pictureName } from './looks.js'
import { takePicture, violations } from './picture.js'

/** Very many files on a fake uploader: the tests count what is drawn and measure no times. */

/** Most rows ever drawn of a long list: those in view, a few around them, and the focused one. */
const mostRows = 20

let demo: DemoPages
let context: BrowserContext
beforeAll(async () => {
  demo = await startDemoPages()
})
afterAll(() => demo.close())
beforeEach(async () => {
  context = await demo.context()
})
afterEach(() => context.close())

const rowsOf = (page: Page) => page.getByTestId('open-list').getByTestId('upload-row')

/** List positions, counted from 1, of the drawn rows; waits until the rows in view are drawn. */
async function placesAt(page: Page, top: number): Promise<readonly number[]> {
  return page.getByTestId('open-list').evaluate(async (list, wanted) => {
    list.scrollTop = wanted
    for (let frame = 0; frame < 30; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
    const box = list.getBoundingClientRect()
    return [...list.querySelectorAll('li')]
      .filter((row) => {
        const { top, bottom } = row.getBoundingClientRect()
        return bottom > box.top && top < box.bottom
      })
      .map((row) => Number(row.getAttribute('aria-posinset')))
  }, top)
}

test.each([
  ['thousand', 1_000],
  ['many', 10_000],
] as const)(
  '%s: all are counted, few are drawn, and what is under way is on the screen',
  async (scene, count) => {
    const page = await demo.open(context, scene)
    const summary = page.getByTestId('upload-summary')
    const { files, left } = await summary.evaluate(({ dataset: { files, left } }) => ({ files, left }))
    expect([files, left]).toEqual([String(count), String(count * 0.876)])
    const rows = rowsOf(page)
    await expect.poll(() => rows.count()).toBeGreaterThan(5)
    expect(await rows.count()).toBeLessThanOrEqual(mostRows)
    const first = rows.first()
    expect(await first.getAttribute('data-state')).toBe('uploading')
    expect(await first.getAttribute('aria-setsize')).toBe(String(count * 0.876))
    const box = await first.boundingBox()
    expect(box === null ? null : box.y + box.height).toBeLessThan(page.viewportSize()?.height ?? 0)
    await takePicture(page, pictureName(scene, { width: 1280, locale: 'en-GB', colorScheme: 'light' }))
    expect(await violations(page)).toEqual([])
  },
)

test('each of ten thousand files is reached by scrolling', async () => {
  const page = await demo.open(context, 'many')
  await rowsOf(page).first().waitFor()
  let last = (await placesAt(page, 0)).at(-1) ?? 0
  // Scrolling page by page skips no row.
  for (let turn = 1; turn < 5; turn += 1) {
    const places = await placesAt(page, turn * 400)
    expect(places[0]).toBeLessThanOrEqual(last + 1)
    expect(places).toEqual(places.map((_, index) => (places[0] ?? 0) + index))
    last = places.at(-1) ?? 0
  }
  const middle = await placesAt(page, 400_000)
  expect(middle.length).toBeGreaterThan(3)
  expect(middle[0]).toBeGreaterThan(2_000)
  expect((await placesAt(page, 1e9)).at(-1)).toBe(8_760)
  expect(await rowsOf(page).last().getAttribute('data-name')).toBe('IMG_9999.heic')
  expect(await rowsOf(page).count()).toBeLessThanOrEqual(mostRows)
})

test('a row that has the focus stays, though it is scrolled out of sight', async () => {
  const page = await demo.open(context, 'many')
  const button = rowsOf(page).first().getByTestId('upload-pause')
  await button.focus()
  expect(await placesAt(page, 300_000)).not.toContain(1)
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await expect.poll(() => rowsOf(page).first().getAttribute('data-state')).toBe('paused')
})

test('paper has the rows that are drawn, without room for those that are not', async () => {
  const page = await demo.open(context, 'many')
  await rowsOf(page).first().waitFor()
  await page.emulateMedia({ media: 'print' })
  const heights = await page.getByTestId('open-list').evaluate((list) => ({
    list: list.getBoundingClientRect().height,
    rows: [...list.querySelectorAll('li')].reduce((sum, row) => sum + row.getBoundingClientRect().height, 0),
  }))
  expect(Math.abs(heights.list - heights.rows)).toBeLessThan(5)
})

test('ten times the files picked make no more rows on the way', async () => {
  const made: number[] = []
  for (const count of [1_000, 10_000]) {
    const page = await demo.open(context, 'empty')
    const rows = await page.getByTestId('file-input').evaluate(async (input, files) => {
      if (!(input instanceof HTMLInputElement)) throw new Error('no input')
      let came = 0
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes)
            if (node instanceof Element)
              came +=
                Number(node.matches('[data-testid="upload-row"]')) +
                node.querySelectorAll('[data-testid="upload-row"]').length
      }).observe(document.body, { childList: true, subtree: true })
      const picked = new DataTransfer()
      for (let index = 0; index < files; index += 1) picked.items.add(new File(['a'], `${index}.jpg`))
      input.files = picked.files
      input.dispatchEvent(new Event('change', { bubbles: true }))
      const listed = () =>
        Number(document.querySelector('[data-testid="upload-row"]')?.getAttribute('aria-setsize') ?? 0)
      while (listed() < files) await new Promise((resolve) => requestAnimationFrame(resolve))
      for (let frame = 0; frame < 60; frame += 1)
        await new Promise((resolve) => requestAnimationFrame(resolve))
      return came
    }, count)
    made.push(rows)
    await page.close()
  }
  expect(Math.max(...made)).toBeLessThanOrEqual(2 * mostRows)
})
