import { readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserContext, type Page, chromium } from 'playwright-core'
import { findChromium } from '../../../scripts/browsers.mjs'
import { makeScratchFolder } from './scratch-folder.js'

const args = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
]

export interface ChromiumOptions {
  /** The browser's language, as a BCP 47 tag. Default `en-US`. */
  readonly locale?: string
  /** CSS pixels. Default 1280 × 800. */
  readonly viewport?: { readonly width: number; readonly height: number }
  /** In addition to the arguments that every test uses. */
  readonly args?: readonly string[]
}

/** One person's browser: its profile on disk outlives each run of the program. */
export interface Chromium {
  /** Context of the current run. */
  readonly context: BrowserContext
  /** First tab of the current run. */
  readonly page: Page
  /** Kills all browser processes at once, as a crash would; nothing is saved. */
  kill(): Promise<void>
  /** Suspends all browser processes, as a sleeping machine does; resolves with a function that wakes them. */
  sleep(): Promise<() => void>
  /** Closes the browser as a person does; everything is saved. */
  quit(): Promise<void>
  /** Starts the browser again on the same profile. */
  relaunch(): Promise<Page>
  /** Ends the browser and removes its profile. */
  remove(): Promise<void>
}

export async function launchChromium(options: ChromiumOptions = {}): Promise<Chromium> {
  const profile = await makeScratchFolder('profile')
  let context = await launch(profile.path, options)
  let page = await firstPage(context)
  return {
    get context() {
      return context
    },
    get page() {
      return page
    },
    async kill() {
      const closed = new Promise<void>((resolve) => context.once('close', () => resolve()))
      process.kill(await processGroup(profile.path), 'SIGKILL')
      await closed
    },
    async sleep() {
      const group = await processGroup(profile.path)
      process.kill(group, 'SIGSTOP')
      return () => process.kill(group, 'SIGCONT')
    },
    quit: () => context.close(),
    async relaunch() {
      context = await launch(profile.path, options)
      page = await firstPage(context)
      return page
    },
    async remove() {
      await context.close()
      await profile.remove()
    },
  }
}

function launch(profile: string, options: ChromiumOptions): Promise<BrowserContext> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('No Chromium found; set CHROMIUM_PATH.')
  return chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...args, ...(options.args ?? [])],
    locale: options.locale ?? 'en-US',
    viewport: options.viewport ?? { width: 1280, height: 800 },
  })
}

async function firstPage(context: BrowserContext): Promise<Page> {
  return context.pages()[0] ?? context.newPage()
}

/** Playwright makes the browser the leader of its own process group, so a signal reaches its children too. */
async function processGroup(profile: string): Promise<number> {
  return -(await browserPid(profile))
}

/** Chromium locks its profile with a symbolic link whose target contains `<host>-<pid>`. */
async function browserPid(profile: string): Promise<number> {
  const lock = await readlink(join(profile, 'SingletonLock'))
  const pid = Number(lock.slice(lock.lastIndexOf('-') + 1))
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`The profile's lock names no process: ${lock}`)
  return pid
}
