import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext } from 'playwright-core'

/** Debian's Chromium, else an installed Chrome. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch(options())
}

/** With a profile on disk: what a page stores costs what it costs a person, and not memory alone. */
export async function launchOnDisk(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, options())
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
      // Names under localhost may otherwise be tried over IPv6 first.
      '--host-resolver-rules=MAP *.localhost 127.0.0.1',
    ],
  }
}
