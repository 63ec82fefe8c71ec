import type { Page } from 'playwright-core'

/** Speed of a user's line, the same in both directions. */
export interface LineSpeed {
  /** `4 Mbit/s × 100 ms` */
  readonly name: string
  readonly bytesPerSecond: number
  /** Round-trip time in milliseconds. */
  readonly rtt: number
}

export const slowLines = {
  fourMbit: { name: '4 Mbit/s × 100 ms', bytesPerSecond: 500_000, rtt: 100 },
  sixteenMbit: { name: '16 Mbit/s × 60 ms', bytesPerSecond: 2_000_000, rtt: 60 },
} as const satisfies Readonly<Record<string, LineSpeed>>

/**
 * Slows all traffic of a tab and its workers down to the speed of the line, also after navigation. Chromium does this
 * itself, before the kernel. Behind a relay, megabytes would wait in the kernel's buffers, which are far larger on
 * loopback than on a real line; they would be shown as sent, and still arrive after the page is gone.
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
