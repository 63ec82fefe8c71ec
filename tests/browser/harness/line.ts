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
 * What passes is counted on the way: the browser goes on to ask for the store by its own address, so that signatures
 * hold, and is told where that leads.
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

/** A page to which a slow line leads until the test ends, and a file that was picked there. */
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

/** Bytes of files that have crossed the line, whatever became of them. */
export function crossed({ acknowledged, inVain, open }: LineAccount): number {
  return acknowledged + inVain + open
}
