import type { Page } from 'playwright-core'
import type { LineAccount } from '../../../bench/link/ledger.js'
import { fastLink } from '../../../bench/link/link-profile.js'
import type { RelayCalls } from '../../../bench/services/relay-service.js'
import { Service } from '../../../bench/services/service.js'
import type { ChromiumOptions } from './chromium.js'

/** What a person's line carries. */
export interface LineSpeed {
  /** `4 Mbit/s × 100 ms` */
  readonly name: string
  /** The same each way. */
  readonly bytesPerSecond: number
  /** Milliseconds. */
  readonly rtt: number
}

export const slowLines = {
  fourMbit: { name: '4 Mbit/s × 100 ms', bytesPerSecond: 500_000, rtt: 100 },
  sixteenMbit: { name: '16 Mbit/s × 60 ms', bytesPerSecond: 2_000_000, rtt: 60 },
} as const satisfies Readonly<Record<string, LineSpeed>>

/** A line between a browser and the embedded store, which counts what crosses it. */
export interface Line {
  readonly bytesPerSecond: number
  /** For a browser that is to reach the store through this line, and only through it. */
  readonly chromium: ChromiumOptions
  /** Makes all that a tab and its workers send and get as slow as the line is, whatever it loads from now on. */
  slowDown(page: Page): Promise<void>
  /** What became of the files' bytes so far. */
  account(): Promise<LineAccount>
  close(): Promise<void>
}

/**
 * Chromium itself slows down, which reaches workers, too: a relay would find megabytes in the kernel's buffers, which
 * loopback makes as large as no real line's, and the page would show them as sent. What passes is counted on the way:
 * the browser goes on to ask for the store by its own address, so that signatures hold, and is told where that leads.
 */
export async function openLine(speed: LineSpeed, storeUrl: string): Promise<Line> {
  const port = Number(new URL(storeUrl).port)
  const relay = new Service<RelayCalls>(new URL('../../../bench/services/relay-service.ts', import.meta.url))
  const [through = 0] = await relay.call('start', { profile: fastLink, targets: [port] })
  return {
    bytesPerSecond: speed.bytesPerSecond,
    chromium: { args: [`--host-resolver-rules=MAP 127.0.0.1:${port} 127.0.0.1:${through}`] },
    async slowDown(page) {
      const session = await page.context().newCDPSession(page)
      await session.send('Network.enable')
      await session.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: speed.rtt,
        uploadThroughput: speed.bytesPerSecond,
        downloadThroughput: speed.bytesPerSecond,
      })
    },
    account: () => relay.call('account', null),
    close: () => relay.close(),
  }
}

/** Bytes of files that have crossed the line, whatever became of them. */
export function crossed({ acknowledged, inVain, open }: LineAccount): number {
  return acknowledged + inVain + open
}
