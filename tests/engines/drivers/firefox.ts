import { writeFile } from 'node:fs/promises'
import { type Browser, type ElementHandle, type Page, launch } from 'puppeteer-core'
import { missingPrograms, pathOf } from '../../../scripts/debian-packages.mjs'
import type { Engine, Tab } from './engine.js'
import { type BrowserRun, onProfile } from './on-profile.js'
import { killTree } from './process-tree.js'

/** Debian's Firefox ESR, driven by WebDriver BiDi. */
export const firefoxEngine: Engine = {
  name: 'firefox',
  label: 'Firefox',
  whyMissing: () => missingPrograms(['firefox-esr'], ['firefox-esr']),
  launch: () => onProfile('firefox', start),
}

async function start(profile: string): Promise<BrowserRun> {
  const executablePath = pathOf('firefox-esr')
  if (executablePath === undefined) throw new Error('There is no firefox-esr.')
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    userDataDir: profile,
    headless: true,
    defaultViewport: { width: 1280, height: 800 },
    extraPrefsFirefox: { 'intl.accept_languages': 'en-US, en' },
  })
  const [first] = await browser.pages()
  return {
    version: (await browser.version()).replace(/^.*\//, ''),
    tab: tabOf(first ?? (await browser.newPage())),
    newTab: async () => tabOf(await browser.newPage()),
    cookie: (url) => cookieHeader(browser, url),
    kill: () => killTree(pidOf(browser)),
    quit: () => browser.close(),
  }
}

function pidOf(browser: Browser): number {
  const pid = browser.process()?.pid
  if (pid === undefined) throw new Error('Firefox has no process.')
  return pid
}

async function cookieHeader(browser: Browser, url: string): Promise<string> {
  const cookies = await browser.cookies()
  return cookies
    .filter(({ domain }) => domain === new URL(url).hostname)
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
}

function tabOf(page: Page): Tab {
  // A page with uploads under way asks before it is left: accept.
  page.on('dialog', (dialog) => void dialog.accept())
  const find = async (selector: string): Promise<ElementHandle> => {
    const element = await page.$(selector)
    if (element === null) throw new Error(`There is no ${selector}.`)
    return element
  }
  return {
    goto: (url) => page.goto(url).then(nothing),
    reload: () => page.reload().then(nothing),
    evaluate: (expression) => page.evaluate(expression),
    async pick(selector, ...paths) {
      const input = (await find(selector)) as ElementHandle<HTMLInputElement>
      await input.uploadFile(...paths)
    },
    click: async (selector) => (await find(selector)).click(),
    screenshot: async (path) => writeFile(path, await page.screenshot()),
    close: () => page.close(),
  }
}

function nothing(): void {}
