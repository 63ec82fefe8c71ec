import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startDemoPages, type DemoPages } from './demo-page.js'

/** Actions on many files at once, by clicks. */
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

const row = (page: Page, state: string) => page.locator(`[data-testid="upload-row"][data-state="${state}"]`)
const names = (page: Page, testid: string) =>
  page.getByTestId(testid).evaluateAll((rows) => rows.map(({ dataset }) => dataset['name']))

test('all that failed and may succeed is tried again with one click', async () => {
  const page = await demo.open(context, 'failed')
  const button = page.getByTestId('retry-all')
  const count = Number(/\d+/.exec(await button.innerText())?.[0])
  expect(count).toBeGreaterThan(10)
  const before = await row(page, 'failed').count()
  await button.click()
  await expect.poll(() => row(page, 'uploading').count()).toBe(count)
  expect(await row(page, 'failed').count()).toBe(before - count)
})

test('all files behind handles go on with one click, and one permission', async () => {
  const page = await demo.open(context, 'queue-left')
  const button = page.getByTestId('continue-all')
  expect(await button.innerText()).toBe('Resume 3 files')
  await button.click()
  await expect.poll(() => names(page, 'upload-row')).toContain('behind a handle.mov')
  await expect.poll(() => names(page, 'upload-row')).toContain('behind another handle.mov')
  await expect.poll(() => button.count()).toBe(0)
})

describe('a cancel', () => {
  test('can be taken back for eight seconds', async () => {
    const page = await demo.open(context, 'states')
    const small = page.locator('[data-name="IMG_0003.heic"]')
    await page.clock.install()
    await small.getByTestId('upload-cancel').click()
    await page.clock.runFor(7_000)
    await small.getByTestId('undo').click()
    await page.clock.runFor(20_000)
    expect(await small.count()).toBe(1)
    await small.getByTestId('upload-cancel').click()
    await page.clock.runFor(9_000)
    await expect.poll(() => small.count()).toBe(0)
  })

  test('asks first where more than 100 MB would be lost', async () => {
    const page = await demo.open(context, 'states')
    const large = page.locator('[data-name="disk-image.img"]')
    await large.getByTestId('upload-cancel').click()
    expect(await large.innerText()).toContain(
      'Cancel this upload? The 41.3 GB uploaded so far will be deleted.',
    )
    await page.keyboard.press('Escape')
    expect(await large.getAttribute('data-state')).toBe('uploading')
  })
})

describe('finished files', () => {
  test('stand below their day, with the icon of their kind', async () => {
    const page = await demo.open(context, 'done')
    const days = await page.locator('h3').allInnerTexts()
    expect(days[0]).toBe('Today')
    expect(days).toHaveLength(new Set(days).size)
    const kind = (name: string) => page.locator(`[data-name="${name}"] [data-kind]`).getAttribute('data-kind')
    expect([await kind('report.pdf'), await kind('IMG_2030.heic')]).toEqual(['document', 'image'])
  })

  test('are found by name, those that are not loaded yet as well', async () => {
    const page = await demo.open(context, 'done')
    expect(await names(page, 'finished-row')).not.toContain('IMG_2003.heic')
    await page.getByTestId('finished-search').fill('2003')
    await expect.poll(() => names(page, 'finished-row')).toEqual(['IMG_2003.heic'])
    expect(await page.getByTestId('upload-row').count()).toBe(0)
    await page.getByTestId('finished-search').fill('none such')
    await page.getByText('No finished file matches “none such”.').waitFor()
  })

  test('are renamed, by keyboard', async () => {
    const page = await demo.open(context, 'done')
    await page.locator('[data-name="IMG_2030.heic"]').getByTestId('finished-rename').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('beach')
    await page.keyboard.press('Enter')
    await expect.poll(() => names(page, 'finished-row')).toContain('beach.heic')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Rename: beach.heic',
    )
  })

  test('are cleared off the list, which lasts, and shown again', async () => {
    const page = await demo.open(context, 'done')
    await page.getByTestId('clear-finished').click()
    await expect
      .poll(() => page.locator('[data-testid="finished-row"], [data-testid="upload-row"]').count())
      .toBe(0)
    const again = await demo.open(context, 'done')
    expect(await again.getByTestId('finished-row').count()).toBe(0)
    await again.getByTestId('show-cleared').click()
    await expect.poll(() => again.getByTestId('finished-row').count()).toBe(20)
  })
})

test('the title says how it ended', async () => {
  const failed = await demo.open(context, 'failed')
  expect(await failed.title()).toMatch(/^⚠ /)
  const done = await demo.open(context, 'done')
  expect(await done.title()).toMatch(/^✓ /)
})

test('a notification is asked for when somebody wants it, not before', async () => {
  await context.addInitScript(() => {
    const fake = Object.assign(() => undefined, {
      permission: 'default',
      requestPermission: async () => {
        Reflect.set(window, 'asked', Number(Reflect.get(window, 'asked') ?? 0) + 1)
        return (fake.permission = 'granted')
      },
    })
    Reflect.set(window, 'Notification', fake)
  })
  const page = await demo.open(context, 'states')
  const asked = () => page.evaluate(() => Number(Reflect.get(window, 'asked') ?? 0))
  expect(await asked()).toBe(0)
  await page.getByText('Notify me when uploads finish').click()
  await expect.poll(asked).toBe(1)
  const box = page.getByTestId('notify').locator('input')
  await expect.poll(() => box.getAttribute('aria-checked')).toBe('true')
})

test('what does not answer is said once, with the way to try now', async () => {
  const page = await demo.open(context, 'away')
  const outage = page.getByTestId('outage')
  await outage.waitFor()
  expect(await outage.count()).toBe(1)
  expect(await outage.getAttribute('data-of')).toBe('storage')
  expect(await outage.innerText()).toMatch(/Can't reach storage\. Since .+ Retrying in \d+ (s|min)/)
  const first = page.getByTestId('upload-row').first()
  expect(await first.innerText()).not.toContain('0 B/s')
  expect(await first.getByTestId('upload-error-detail').count()).toBe(0)
  await first.getByText('Details').click()
  expect(await first.getByTestId('upload-error-detail').innerText()).toBe('The store does not answer.')
})

test('figures say what they are, to who hears the bar and in the details', async () => {
  const page = await demo.open(context, 'states')
  const first = page.getByTestId('upload-row').first()
  const words = 'Upload progress: 33.9%, 735.0 MB/2164.9 MB, Current speed: 12.3 MB/s, Time left: 8 min 14 s'
  expect(await first.getByTestId('upload-progress').getAttribute('aria-valuetext')).toBe(words)
  await first.getByText('Details').click()
  const details = await first.getByTestId('upload-details').innerText()
  for (const label of ['Upload progress', 'Current speed', 'Time left']) expect(details).toContain(label)
})

test('of a long list the first row is under way, and the counts agree', async () => {
  const page = await demo.open(context, 'many')
  await expect.poll(() => page.getByTestId('upload-row').first().getAttribute('data-state')).toBe('uploading')
  const { files, done, failed, left } = await page
    .getByTestId('upload-summary')
    .evaluate(({ dataset: { files, done, failed, left } }) => ({ files, done, failed, left }))
  expect(Number(done) + Number(failed) + Number(left)).toBe(Number(files))
  expect(await page.getByTestId('upload-total').getAttribute('aria-valuenow')).not.toBe('0')
})
