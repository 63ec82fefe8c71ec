import type { LineAccount } from '../../../bench/link/ledger.js'
import type { LinkProfile } from '../../../bench/link/link-profile.js'
import { narrowStart } from '../../../bench/link/narrow-sockets.js'
import type { RelayCalls } from '../../../bench/services/relay-service.js'
import { Service, nodeArguments } from '../../../bench/services/service.js'
import type { ChromiumOptions } from './chromium.js'

/** A line between a browser and the embedded store, which counts what crosses it. */
export interface Line {
  readonly bytesPerSecond: number
  /** For a browser that is to reach the store through this line, and only through it. */
  readonly chromium: ChromiumOptions
  /** What became of the files' bytes so far. */
  account(): Promise<LineAccount>
  close(): Promise<void>
}

/**
 * The browser goes on to ask for the store by its own address, so that signatures hold: Chromium itself is told where
 * that address leads. Unlike its throttling, the line reaches workers, and has a queue and a delay.
 */
export async function openLine(profile: LinkProfile, storeUrl: string): Promise<Line> {
  const port = Number(new URL(storeUrl).port)
  const relay = new Service<RelayCalls>(
    new URL('../../../bench/services/relay-service.ts', import.meta.url),
    narrowStart(profile, 1, nodeArguments),
  )
  const [through = 0] = await relay.call('start', { profile, targets: [port] })
  return {
    bytesPerSecond: (profile.upBitsPerSecond ?? Infinity) / 8,
    chromium: { args: [`--host-resolver-rules=MAP 127.0.0.1:${port} 127.0.0.1:${through}`] },
    account: () => relay.call('account', null),
    close: () => relay.close(),
  }
}

/** Bytes of files that have crossed the line, whatever became of them. */
export function crossed({ acknowledged, inVain, open }: LineAccount): number {
  return acknowledged + inVain + open
}
