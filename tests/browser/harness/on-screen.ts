import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Browser, launch, type Page } from 'puppeteer-core'
import { findChromium } from '../../../scripts/browsers.mjs'
import { missingPrograms } from '../../../scripts/debian-packages.mjs'
import { openDisplay } from '../../engines/drivers/x-display.js'

const run = promisify(execFile)

/** Screen size in pixels; the browser fills its upper left corner. */
const screen = { width: 1280, height: 900 }

/**
 * A browser on its own X display, driven with a mouse, to test what no automation protocol reaches: browser prompts
 * and interface outside the page. Uses Puppeteer because Playwright tells every tab that it is visible.
 */
export interface OnScreen {
  readonly page: Page
  /** The page's cookies, as a `Cookie` header. */
  cookie(): Promise<string>
  /** Drags files and folders onto the page and drops them, as from a file manager. */
  drop(...paths: readonly string[]): Promise<void>
  /** Clicks the "allow" button of the prompt below the address bar, until `done`. */
  allow(done: () => Promise<boolean>): Promise<void>
  /** Clicks the notification in the corner, which may not have appeared yet, until `done`. */
  clickNotification(done: () => Promise<boolean>): Promise<void>
  /** Opens another tab in front of the page. */
  cover(): Promise<void>
  close(): Promise<void>
}

/** Why no screen is available here; `null` if one is. */
export function whyNoScreen(): string | null {
  return missingPrograms(['Xvfb', 'xdotool'], ['xvfb', 'xdotool'])
}

/** @param prepare runs in the page before its own scripts */
export async function openOnScreen(url: string, prepare?: () => void): Promise<OnScreen> {
  const display = await openDisplay(screen.width, screen.height)
  const browser = await start(display.name)
  const [page = await browser.newPage()] = await browser.pages()
  // A page with uploads under way asks before it is left: accept.
  page.on('dialog', (dialog) => void dialog.accept())
  if (prepare !== undefined) await page.evaluateOnNewDocument(prepare)
  await page.goto(url)
  const click = (x: number, y: number) =>
    run('xdotool', ['mousemove', String(x), String(y), 'click', '1'], {
      env: { ...process.env, DISPLAY: display.name },
    })
  return {
    page,
    cookie: async () =>
      (await browser.cookies())
        .filter(({ domain }) => domain === new URL(url).hostname)
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
    drop: (...paths) => drop(page, paths),
    allow: (done) => pressDown((y) => click(390, y), done),
    clickNotification: async (done) => {
      for (let attempt = 0; attempt < 50 && !(await done()); attempt += 1) {
        await click(screen.width - 200, screen.height - 45)
      }
    },
    cover: async () => (await browser.newPage()).bringToFront(),
    close: async () => {
      await browser.close()
      await display.close()
    },
  }
}

function start(display: string): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('No Chromium found; set CHROMIUM_PATH.')
  return launch({
    executablePath,
    headless: false,
    defaultViewport: null,
    env: { ...process.env, DISPLAY: display, LANGUAGE: 'en' },
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-quic',
      '--lang=en-US',
      '--window-position=0,0',
      '--window-size=1000,800',
    ],
  })
}

async function drop(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.createCDPSession()
  const data = { items: [], files: [...files], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data })
  }
  await session.detach()
}

/**
 * The prompt is attached to the address bar; in the column of its right half, the topmost clickable thing allows. Its
 * position differs between releases, so this clicks further and further down until `done`, but stops above the page's
 * drop zone, which would open a file dialog.
 */
async function pressDown(
  press: (y: number) => Promise<unknown>,
  done: () => Promise<boolean>,
): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    for (let y = 190; y < 340; y += 10) {
      if (await done()) return
      await press(y)
    }
  }
  throw new Error('No question of the browser was answered.')
}
