import type { Page } from 'playwright-core'

/** What a person's line carries, the same each way. */
export interface LineSpeed {
  /** `4 Mbit/s × 100 ms` */
  readonly name: string
  readonly bytesPerSecond: number
  /** Milliseconds. */
  readonly rtt: number
}

export const slowLines = {
  fourMbit: { name: '4 Mbit/s × 100 ms', bytesPerSecond: 500_000, rtt: 100 },
  sixteenMbit: { name: '16 Mbit/s × 60 ms', bytesPerSecond: 2_000_000, rtt: 60 },
} as const satisfies Readonly<Record<string, LineSpeed>>

/**
 * Makes all that a tab and its workers send and get as slow as the line is, whatever the tab loads from now on. Chromium
 * does it itself, before the kernel: behind a relay megabytes would wait in the kernel's buffers, which loopback makes
 * as large as no real line's, be shown as sent, and still arrive after the page has gone.
 */
export async function slowDownPage(page: Page, { bytesPerSecond, rtt }: LineSpeed): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: rtt,
    uploadThroughput: bytesPerSecond,
    downloadThroughput: bytesPerSecond,
  })
}
