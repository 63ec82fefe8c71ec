import type { Page } from 'playwright-core'
import type { TestContext } from 'vitest'
import type { LineAccount } from '../../../bench/link/ledger.js'
import { fastLink } from '../../../bench/link/link-profile.js'
import { type LineSpeed, slowDownPage } from '../../../bench/runner/slowed-page.js'
import type { RelayCalls } from '../../../bench/services/relay-service.js'
import { Service } from '../../../bench/services/service.js'
import type { ChromiumOptions } from './chromium.js'
import type { EndToEnd } from './end-to-end.js'
import type { TestFile } from './test-file.js'
import type { UploadPage } from './upload-page.js'

/** A network line between a browser and the embedded store that counts the bytes crossing it. */
export interface Line {
  readonly bytesPerSecond: number
  /** Options for a browser that must reach the store only through this line. */
  readonly chromium: ChromiumOptions
  /** Throttles all traffic of a tab and its workers to the line's speed, including after navigation. */
  slowDown(page: Page): Promise<void>
  /** Account of the files' bytes so far. */
  account(): Promise<LineAccount>
  close(): Promise<void>
}

/**
 * Starts a line. A relay counts the bytes: the browser still requests the store's own address, so signatures remain
 * valid, and resolves that address to the relay.
 */
export async function openLine(speed: LineSpeed, storeUrl: string): Promise<Line> {
  const port = Number(new URL(storeUrl).port)
  const relay = new Service<RelayCalls>(new URL('../../../bench/services/relay-service.ts', import.meta.url))
  const [through = 0] = await relay.call('start', { profile: fastLink, targets: [port] })
  return {
    bytesPerSecond: speed.bytesPerSecond,
    chromium: { args: [`--host-resolver-rules=MAP 127.0.0.1:${port} 127.0.0.1:${through}`] },
    slowDown: (page) => slowDownPage(page, speed),
    account: () => relay.call('account', null),
    close: () => relay.close(),
  }
}

/** Opens a page over a slow line that lasts until the test ends, and picks a file there. */
export async function pickOverLine(
  speed: LineSpeed,
  size: number,
  {
    product,
    arrive,
    files,
    onTestFinished,
  }: Pick<EndToEnd, 'product' | 'arrive' | 'files'> & Pick<TestContext, 'onTestFinished'>,
): Promise<{ readonly line: Line; readonly uploads: UploadPage; readonly file: TestFile }> {
  const line = await openLine(speed, product.storeUrl)
  onTestFinished(() => line.close())
  const file = await files.make('film.mkv', size)
  const uploads = await (await arrive(line.chromium)).open()
  await line.slowDown(uploads.page)
  await uploads.pick(file.path)
  return { line, uploads, file }
}

/** File bytes that have crossed the line so far, acknowledged or not. */
export function crossed({ acknowledged, inVain, open }: LineAccount): number {
  return acknowledged + inVain + open
}
