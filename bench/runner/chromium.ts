import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

/** Debian's Chromium, else an installed Chrome. */
export async function launchChromium(): Promise<Browser> {
  const debian = '/usr/bin/chromium'
  return chromium.launch({
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
  })
}
