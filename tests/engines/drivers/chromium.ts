import type { Page } from 'playwright-core'
import { findChromium } from '../../../scripts/browsers.mjs'
import { type Chromium, launchChromium } from '../../browser/harness/chromium.js'
import { cookieHeader } from '../../browser/harness/server-uploads.js'
import type { Engine, EngineBrowser, Tab } from './engine.js'

/** Debian's Chromium, or an installed Chrome, driven by Playwright. */
export const chromiumEngine: Engine = {
  name: 'chromium',
  label: 'Chromium',
  whyMissing: () => (findChromium() === undefined ? 'no Chromium found; set CHROMIUM_PATH' : null),
  launch: async () => browserOf(await launchChromium()),
}

function browserOf(chromium: Chromium): EngineBrowser {
  return {
    get version() {
      return chromium.context.browser()?.version() ?? ''
    },
    get tab() {
      return tabOf(chromium.page)
    },
    newTab: async () => tabOf(await chromium.context.newPage()),
    cookie: (url) => cookieHeader(chromium.context, url),
    kill: () => chromium.kill(),
    quit: () => chromium.quit(),
    relaunch: async () => tabOf(await chromium.relaunch()),
    remove: () => chromium.remove(),
  }
}

function tabOf(page: Page): Tab {
  return {
    goto: (url) => page.goto(url).then(nothing),
    reload: () => page.reload().then(nothing),
    evaluate: (expression) => page.evaluate(expression),
    pick: (selector, ...paths) => page.locator(selector).first().setInputFiles(paths),
    click: (selector) => page.locator(selector).first().click(),
    screenshot: (path) => page.screenshot({ path }).then(nothing),
    close: () => page.close(),
  }
}

function nothing(): void {}
