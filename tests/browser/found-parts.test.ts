import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { report } from './harness/measurements.js'
import { sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { GiB } from './harness/test-file.js'

const test = endToEnd()

/** A message from the page to one of its workers, with its time in milliseconds on the page's clock. */
interface Job {
  readonly worker: number
  readonly kind: string
  readonly at: number
}

interface ObservedWindow extends Window {
  carryonJobs?: Job[]
}

test('parts found in the store are compared in several workers, and new ones do not wait for that', async ({
  store,
  visitor,
  files,
}) => {
  await watchWorkers(visitor.chromium.context, 4)
  const file = await files.make('half.bin', 1.25 * GiB)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  // The pause takes effect later, and requests in flight by then may still be stored; leave some parts to send.
  await row.waitForPercent(60)
  await row.pause()
  await row.waitFor('paused')
  const before = await store.acknowledgements()

  await uploads.reload()
  await uploads.pick(file.path)
  await row.waitFor('done', 240_000)
  expect(sentAgain(before, await store.acknowledgements())).toEqual([])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)

  const jobs = await jobsOf(uploads.page)
  const compared = jobs.filter(({ kind }) => kind === 'hash')
  const firstSent = Math.min(...jobs.filter(({ kind }) => kind === 'put').map(({ at }) => at))
  expect(firstSent).toBeLessThan(Infinity)
  expect(compared.length).toBeGreaterThanOrEqual(before.size)
  expect(new Set(compared.map(({ worker }) => worker)).size).toBeGreaterThan(1)
  expect(compared.filter(({ at }) => at > firstSent).length).toBeGreaterThan(before.size / 2)
  await report('found-parts', {
    parts: before.size,
    workers: new Set(compared.map(({ worker }) => worker)).size,
  })
})

/** Makes every page report `cores` processor cores and record each message to its workers. */
async function watchWorkers(context: BrowserContext, cores: number): Promise<void> {
  await context.addInitScript((count) => {
    Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => count })
    const jobs: Job[] = []
    ;(window as ObservedWindow).carryonJobs = jobs
    let workers = 0
    window.Worker = class extends Worker {
      readonly #number = workers++

      override postMessage(message: unknown): void {
        const { kind } = message as { readonly kind: string }
        jobs.push({ worker: this.#number, kind, at: performance.now() })
        super.postMessage(message)
      }
    }
  }, cores)
}

async function jobsOf(page: Page): Promise<readonly Job[]> {
  const jobs = await page.evaluate(() => (window as ObservedWindow).carryonJobs)
  if (jobs === undefined) throw new Error('The page was not watched.')
  return jobs
}
