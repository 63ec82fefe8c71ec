import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext } from 'playwright-core'

/** Launches Debian's Chromium or, without it, an installed Chrome. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch(options())
}

export async function chromiumVersion(): Promise<string> {
  const browser = await launchChromium()
  try {
    return browser.version()
  } finally {
    await browser.close()
  }
}

/** Launches Chromium with a profile on disk, so that what a page stores costs as much as it does for a user. */
export async function launchOnDisk(
  profile: string,
): Promise<{ readonly context: BrowserContext; readonly browser: Browser }> {
  const context = await chromium.launchPersistentContext(profile, options())
  const browser = context.browser()
  if (browser === null) throw new Error('Chromium does not say of which browser its profile is.')
  return { context, browser }
}

function options() {
  const debian = '/usr/bin/chromium'
  return {
    ...(existsSync(debian) ? { executablePath: debian } : { channel: 'chrome' }),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-quic',
      // Without this, names under localhost may be tried over IPv6 first.
      '--host-resolver-rules=MAP *.localhost 127.0.0.1',
    ],
  }
}
