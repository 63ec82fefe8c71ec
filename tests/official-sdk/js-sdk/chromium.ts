import { chromium, type Browser } from 'playwright-core'

/**
 * Starts the installed Chromium, silent on the network but for what its pages ask for.
 *
 * @param hostRules - Chromium's `--host-resolver-rules`, for names that must lead to loopback.
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
