import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Builder, By, type WebDriver } from 'selenium-webdriver'
import { missingPrograms, pathOf } from '../../../scripts/debian-packages.mjs'
import { freePorts } from '../../support/free-ports.js'
import type { Engine, Tab } from './engine.js'
import { type BrowserRun, onProfile } from './on-profile.js'
import { killTree } from './process-tree.js'
import { openDisplay } from './x-display.js'

const browserScript = fileURLToPath(new URL('webkitgtk-browser.js', import.meta.url))

/** Debian's WebKitGTK, the engine closest to Safari on Linux, driven by its own WebDriver. */
export const webkitgtkEngine: Engine = {
  name: 'webkitgtk',
  label: 'WebKitGTK',
  whyMissing: () =>
    missingPrograms(
      ['WebKitWebDriver', 'Xvfb', 'gjs'],
      ['webkit2gtk-driver', 'xvfb', 'gjs', 'gir1.2-webkit2-4.1'],
    ),
  launch: () => onProfile('webkitgtk', start),
}

/** Milliseconds for the program to start and respond. */
const startTimeout = 30_000

/** Retries, because occasionally the program does not respond, or another one takes its port first. */
async function start(profile: string): Promise<BrowserRun> {
  try {
    return await startOnce(profile)
  } catch {
    return startOnce(profile)
  }
}

async function startOnce(profile: string): Promise<BrowserRun> {
  const display = await openDisplay(1280, 800)
  const [port = 0] = await freePorts(1)
  const service = startDriver(port, display.name, profile)
  const end = async (): Promise<void> => {
    if (service.pid !== undefined) await killTree(service.pid)
    await display.close()
  }
  const signal = AbortSignal.timeout(startTimeout)
  try {
    const driver = await Promise.race([
      untilListening(port, signal).then(async () => openSession(port, await writeLauncher(profile))),
      endOf(service, signal),
    ])
    return {
      version: (await driver.getCapabilities()).getBrowserVersion() ?? '',
      tab: await tabOf(driver),
      newTab: async () => {
        await driver.switchTo().newWindow('tab')
        return tabOf(driver)
      },
      cookie: async () => {
        const cookies = await driver.manage().getCookies()
        return cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
      },
      kill: end,
      async quit() {
        await driver.quit()
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

/** Rejects when the program ends, or when `signal` aborts because it did not respond in time. */
async function endOf(service: ChildProcess, signal: AbortSignal): Promise<never> {
  await once(service, 'exit', { signal })
  throw new Error(`WebKitWebDriver ended with ${String(service.exitCode)}.`)
}

function startDriver(port: number, display: string, profile: string): ChildProcess {
  return spawn('WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: display,
      GDK_BACKEND: 'x11',
      HOME: profile,
      // As root, WebKitGTK refuses to start with its sandbox; containers run it as root.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
  })
}

async function untilListening(port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const answer = await fetch(`http://127.0.0.1:${port}/status`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The driver starts one executable with fixed arguments; this script adds the profile. */
async function writeLauncher(profile: string): Promise<string> {
  const path = join(profile, 'browser.sh')
  await writeFile(path, `#!/bin/sh\nexec ${pathOf('gjs') ?? 'gjs'} '${browserScript}' '${profile}'\n`, {
    mode: 0o755,
  })
  return path
}

function openSession(port: number, binary: string): Promise<WebDriver> {
  return new Builder()
    .usingServer(`http://127.0.0.1:${port}`)
    .withCapabilities({
      browserName: 'carryon-webkitgtk',
      'webkitgtk:browserOptions': { binary, args: [] },
    })
    .build()
}

/** WebDriver addresses one tab at a time, so each call switches to its own tab first. */
async function tabOf(driver: WebDriver): Promise<Tab> {
  const handle = await driver.getWindowHandle()
  const here = async (): Promise<WebDriver> => {
    if ((await driver.getWindowHandle().catch(() => '')) !== handle) await driver.switchTo().window(handle)
    return driver
  }
  const find = async (selector: string) => (await here()).findElement(By.css(selector))
  return {
    goto: async (url) => (await here()).get(url),
    reload: async () => (await here()).navigate().refresh(),
    evaluate: async (expression) => {
      const [ok, value] = await (
        await here()
      ).executeAsyncScript<[boolean, unknown]>(
        `const answer = arguments[arguments.length - 1];
         (async () => (${expression}))().then((value) => answer([true, value]), (error) => answer([false, String(error)]))`,
      )
      if (!ok) throw new Error(`${expression}: ${String(value)}`)
      return value
    },
    // "Let files be the result of splitting text on the newline (\n) character" (WebDriver, Element Send Keys).
    pick: async (selector, ...paths) => (await find(selector)).sendKeys(paths.join('\n')),
    click: async (selector) => (await find(selector)).click(),
    screenshot: async (path) => writeFile(path, await (await here()).takeScreenshot(), 'base64'),
    close: async () => (await here()).close(),
  }
}
