import { chromium, type Browser } from 'playwright-core'

/**
 * Starts the installed Chromium, without network requests other than those of its pages.
 *
 * @param hostRules - Chromium's `--host-resolver-rules`, for names that must resolve to loopback.
 */
export function startChromium(hostRules?: string): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-quic',
      ...(hostRules === undefined ? [] : [`--host-resolver-rules=${hostRules}`]),
    ],
  })
}
