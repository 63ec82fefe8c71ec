import { mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describe, expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { openOnScreen, whyNoScreen, type OnScreen } from './harness/on-screen.js'
import { readObject } from './harness/stored-object.js'
import { MiB, type TestFile } from './harness/test-file.js'

const missing = whyNoScreen()
const base = endToEnd()
const test = base.extend<{ browser: OnScreen }>({
  browser: async ({ product }, use) => {
    const browser = await openOnScreen(product.url, noteNotifications)
    await browser.page.waitForSelector('[data-testid="file-input"]')
    await use(browser)
    await browser.close()
  },
})

/** Records the browser's own notifications once they are shown. */
function noteNotifications(): void {
  const shown: string[] = []
  Reflect.set(window, 'shown', shown)
  class Noted extends Notification {
    constructor(title: string, options?: NotificationOptions) {
      super(title, options)
      this.addEventListener('show', () => shown.push(`${title}: ${options?.body}`))
    }
  }
  Reflect.set(window, 'Notification', Noted)
}

interface Row {
  readonly name: string | undefined
  readonly state: string | undefined
  readonly needs: string | undefined
}
const rows = ({ page }: OnScreen, testid: string): Promise<readonly Row[]> =>
  page.evaluate(
    (id) =>
      [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)].map(({ dataset }) => ({
        name: dataset['name'],
        state: dataset['state'],
        needs: dataset['needs'],
      })),
    testid,
  )
const names = async (browser: OnScreen, testid: string) =>
  (await rows(browser, testid)).map(({ name }) => name).toSorted()

describe.skipIf(missing !== null)('what the browser itself asks and shows', () => {
  test('a folder and a file that were dropped resume after a reload with one click and one question for all', async ({
    store,
    files,
    browser,
  }) => {
    await mkdir(join(files.folder, 'films/day 2'), { recursive: true })
    const made: TestFile[] = []
    for (const [index, name] of ['films/a.bin', 'films/day 2/b.bin', 'c.bin'].entries()) {
      made.push(await files.make(name, 48 * MiB, index + 1))
    }
    const all = made.map(({ path }) => basename(path)).toSorted()
    await store.slowDown()
    const [inFolder = '', , beside = ''] = made.map(({ path }) => path)
    await browser.drop(dirname(inFolder), beside)
    await expect.poll(() => names(browser, 'upload-row')).toEqual(all)
    await browser.page.waitForFunction(() =>
      [...document.querySelectorAll('[data-testid="upload-progress"]')].some(
        (bar) => Number(bar.getAttribute('aria-valuenow')) > 20,
      ),
    )

    await browser.page.reload()
    await expect.poll(() => names(browser, 'unfinished-row'), { timeout: 60_000 }).toEqual(all)
    const needs = (await rows(browser, 'unfinished-row')).map((row) => row.needs)
    expect(new Set(needs)).toEqual(new Set(['permission']))
    await store.heal()
    await browser.page.click('[data-testid="continue-all"]')
    // Until one of the files resumes; nothing is clicked after that.
    await browser.allow(async () => (await rows(browser, 'upload-row')).length > 0)
    const states = async () => (await rows(browser, 'upload-row')).map(({ state }) => state)
    await expect.poll(states, { timeout: 120_000 }).toEqual(['done', 'done', 'done'])
    for (const file of made) {
      const link = await browser.page.$eval(
        `[data-name="${basename(file.path)}"] [data-testid="upload-url"]`,
        (element) => (element as HTMLAnchorElement).href,
      )
      expect((await readObject(link, await browser.cookie())).sha256).toBe(file.sha256)
    }
  })

  test('a notification comes only on request, only while the page is hidden, and leads back to it', async ({
    store,
    files,
    browser,
  }) => {
    const { page } = browser
    const permission = () => page.evaluate(() => Notification.permission)
    const shown = () => page.evaluate(() => Reflect.get(window, 'shown') as readonly string[])
    const upload = async (name: string, seed: number): Promise<string> => {
      const { path } = await files.make(name, 24 * MiB, seed)
      await browser.drop(path)
      await page.waitForSelector(`[data-testid="upload-row"][data-name="${name}"]`)
      return name
    }
    const done = (name: string) =>
      page.waitForSelector(`[data-testid="upload-row"][data-name="${name}"][data-state="done"]`)

    await done(await upload('seen.bin', 1))
    expect(await permission()).toBe('default')
    await page.click('[data-testid="notify"]')
    await browser.allow(async () => (await permission()) === 'granted')
    await done(await upload('seen too.bin', 2))
    expect(await shown()).toEqual([])

    await store.slowDown()
    await upload('unseen.bin', 3)
    await browser.cover()
    const isHidden = () => page.evaluate(() => document.hidden)
    await expect.poll(isHidden).toBe(true)
    await store.heal()
    await expect.poll(shown, { timeout: 60_000 }).toEqual(['Carryon 续传: 1 of 1 file finished'])
    await browser.clickNotification(async () => !(await isHidden()))
    expect(await isHidden()).toBe(false)
  })
})
