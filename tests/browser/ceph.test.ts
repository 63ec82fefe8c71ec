import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test as plainTest } from 'vitest'
import { type Ceph, startCeph, whyNoCeph } from '../ceph/ceph.js'
import { openFragments } from './harness/bucket.js'
import { endToEnd } from './harness/end-to-end.js'
import { type CephGround, prepareCeph } from './harness/on-ceph.js'
import { listUploads } from './harness/server-uploads.js'
import { silence } from './harness/silence.js'
import { sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'
import { UploadPage } from './harness/upload-page.js'

/** Timeout for starting Ceph, milliseconds; it takes about 15 s on a quiet machine. */
const startPatience = 180_000

type Access = 'role' | 'urls'

const accesses: readonly Access[] = ['role', 'urls']
const grounds = new Map<Access, CephGround>()
const groundOf = (access: Access): CephGround => grounds.get(access) ?? expect.fail('Ceph has not started.')
const products = accesses.map((access) => [access, endToEnd(() => groundOf(access).environment)] as const)

const reason = whyNoCeph()
if (reason !== null) {
  plainTest('the product on Ceph', (context) => context.skip(`skipped, for there is no Ceph: ${reason}`))
} else {
  // All Ceph tests are in one file, because starting Ceph takes a while.
  let ceph: Ceph | undefined
  beforeAll(async () => {
    ceph = await startCeph()
    for (const access of accesses) grounds.set(access, await prepareCeph(ceph, access))
  }, startPatience)
  afterAll(async () => {
    for (const { gate } of grounds.values()) await gate.close()
    await ceph?.stop()
  })
  describe.each(products)('on Ceph, by %s', scenarios)
}

function scenarios(access: Access, test: ReturnType<typeof endToEnd>): void {
  const on = (): CephGround => groundOf(access)

  test('files large and small arrive whole, and may be downloaded', async ({ visitor, files }) => {
    const large = await files.make('film.mkv', 96 * MiB)
    const small = await files.make('空 格&<b>.txt', 3 * MiB, 2)
    const uploads = await visitor.open()
    // The server probed the store when it started.
    const tried = on().gate.acknowledgements()
    await uploads.pick(large.path, small.path)
    for (const { path, sha256 } of [large, small]) {
      const row = uploads.row(path)
      await row.waitFor('done')
      const object = await readObject(await row.url(), await visitor.cookie())
      expect(object.sha256).toBe(sha256)
      expect(object.location.origin).toBe(on().gate.url)
    }
    const sent = [...on().gate.acknowledgements()].filter(([part]) => !tried.has(part))
    // The first four parts have the smallest size, later ones grow with the line's speed, and none is sent twice.
    expect(sent.length).toBeGreaterThan(4)
    expect(sent.filter(([, times]) => times > 1)).toEqual([])
    expect(await openFragments(on().bucket)).toEqual([])
  })

  test('a refresh in the middle: no acknowledged part is sent twice', async ({ visitor, files }) => {
    const { gate, bucket } = on()
    const file = await files.make('refresh.mkv', 96 * MiB, 3)
    const uploads = await visitor.open()
    gate.slowDown()
    await uploads.pick(file.path)
    const row = uploads.row(file.path)
    await row.waitForPercent(40)
    await uploads.reload()
    await uploads.unfinished.first().waitFor()
    const before = gate.acknowledgements()

    gate.heal()
    await uploads.pick(file.path)
    await row.waitFor('done', 120_000)
    expect(sentAgain(before, gate.acknowledgements())).toEqual([])
    expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
    expect(await openFragments(bucket)).toEqual([])
  })

  test('a permission bent towards another upload is refused, and the true one still works', async ({
    visitor,
    files,
  }) => {
    const { gate, bucket } = on()
    const file = await files.make('mine.bin', 24 * MiB, 7)
    const other = { key: 'uploads/others.bin', ...(await bucket.createMultipartUpload('uploads/others.bin')) }
    const uploads = await visitor.open()
    const straighten = await bendPermission(uploads.page, other)
    const refused = gate.refused()
    await uploads.pick(file.path)
    const row = uploads.row(file.path)
    // Ceph sends no CORS headers when it refuses a wrong signature, and browsers hide such responses from the page.
    await row.waitFor(access === 'role' ? 'failed' : 'waiting')
    expect(gate.refused()).toBeGreaterThan(refused)
    expect(await bucket.listParts(other.key, other.uploadId)).toEqual([])

    await straighten()
    await uploads.reload()
    await uploads.unfinished.first().waitFor()
    await uploads.pick(file.path)
    await row.waitFor('done')
    expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
    await bucket.abortMultipartUpload(other.key, other.uploadId)
  })

  // The remaining tests do not depend on how access is granted.
  if (access === 'urls') return

  test('every process of the browser killed: the file carries on', async ({ product, visitor, files }) => {
    const { gate } = on()
    const file = await files.make('killed.mkv', 96 * MiB, 4)
    // Chromium writes cookies to disk every 30 s, and when it quits. Visit once before, so that the cookie is saved.
    await visitor.open()
    await visitor.chromium.quit()
    await visitor.chromium.relaunch()
    const uploads = await visitor.open()
    gate.slowDown()
    await uploads.pick(file.path)
    await uploads.row(file.path).waitForPercent(40)
    await visitor.chromium.kill()

    const again = await UploadPage.open(await visitor.chromium.relaunch(), product.url)
    await again.unfinished.first().waitFor()
    const before = gate.acknowledgements()
    gate.heal()
    await again.pick(file.path)
    const row = again.row(file.path)
    await row.waitFor('done', 120_000)
    expect(sentAgain(before, gate.acknowledgements())).toEqual([])
    expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
  })

  test('pause stops the traffic within a second, and continue finishes the file', async ({
    visitor,
    files,
  }) => {
    const { gate } = on()
    const file = await files.make('pause.bin', 96 * MiB, 5)
    const uploads = await visitor.open()
    gate.slowDown()
    await uploads.pick(file.path)
    const row = uploads.row(file.path)
    await row.waitForPercent(10)
    await row.pause()
    await row.waitFor('paused')
    await silence(1000)
    const passed = gate.passed()
    const before = gate.acknowledgements()
    await silence(2000)
    expect(gate.passed()).toBe(passed)

    gate.heal()
    await row.resume()
    await row.waitFor('done')
    expect(sentAgain(before, gate.acknowledgements())).toEqual([])
    expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
  })

  test('cancel leaves no fragment in the store and no open row', async ({ product, visitor, files }) => {
    const { gate, bucket } = on()
    const file = await files.make('cancel.bin', 96 * MiB, 6)
    const uploads = await visitor.open()
    gate.slowDown()
    await uploads.pick(file.path)
    const row = uploads.row(file.path)
    await row.waitForPercent(10)
    const [key = ''] = await openFragments(bucket)
    await row.cancel()
    gate.heal()
    expect(await openFragments(bucket)).toEqual([])
    expect(await bucket.headObject(key)).toBeNull()
    expect(await listUploads(product.url, await visitor.cookie(), 'open')).toEqual([])
  })
}

interface MultipartUpload {
  readonly key: string
  readonly uploadId: string
}

/** Makes the server's responses name another upload, as in a tampered page, until the returned function is called. */
async function bendPermission(page: Page, other: MultipartUpload): Promise<() => Promise<void>> {
  let own: MultipartUpload | undefined
  const bend = async (route: Route) => {
    const response = await route.fetch()
    const text = await response.text()
    own ??= (JSON.parse(text) as { readonly upload: MultipartUpload }).upload
    const body = text.replaceAll(own.key, other.key).replaceAll(own.uploadId, other.uploadId)
    await route.fulfill({ response, body })
  }
  // The open response, and every access renewal after it.
  const answers = /\/api\/uploads(\/[^/]+\/access)?$/
  await page.route(answers, bend)
  return () => page.unroute(answers, bend)
}
