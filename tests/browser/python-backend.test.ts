import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { allowPages } from '../official-sdk/js-sdk/application.js'
import { bucket, nodeClient } from '../official-sdk/support/node-client.js'
import { openPartGate } from '../official-sdk/support/part-gate.js'
import { MiB, sampleBytes, sha256 } from '../official-sdk/support/sample.js'
import { account, startStoreUnderTest } from '../official-sdk/support/store-under-test.js'
import { startPythonBackend, whyNoPython } from '../support/python-backend.js'
import { bundlePage } from './harness/bundled-page.js'
import { launchChromium } from './harness/chromium.js'
import { waitForCopy } from './harness/kept-copy.js'
import { servePages } from './harness/page-application.js'

const body = '<input id="file" type="file"><p id="state"></p>'
const script = `
import { createUploader } from '@carryon/client'

const uploader = createUploader({ backend: '/api', retry: { firstDelay: 50, longestDelay: 200 } })
const show = (text) => (document.querySelector('#state').textContent = text)
const follow = (upload) => {
  upload.on('change', ({ progress }) => show(Math.round(progress.percent) + ' %'))
  upload.done.then(({ key }) => show('key ' + key), (error) => show(error.message))
}
document.querySelector('#file').onchange = ({ target }) => follow(uploader.upload(target.files[0]))
for (const left of await uploader.unfinished()) {
  if (left.needs === 'nothing') follow(await left.resume())
}
`

async function started() {
  const store = await startStoreUnderTest()
  onTestFinished(() => store.close())
  await allowPages(store)
  const gate = await openPartGate(store.port)
  onTestFinished(() => gate.close())
  const environment = {
    COS_SECRET_ID: account.secretId,
    COS_SECRET_KEY: account.secretKey,
    // The page gets URLs with this address, so that its parts pass the gate.
    COS_URL: `http://${gate.address}/${account.bucket}`,
    DATABASE: join(store.scratch, 'uploads.sqlite'),
  }
  let backend = await startPythonBackend(environment)
  onTestFinished(() => backend.kill())
  const application = await servePages(await bundlePage(body, script), (request) => {
    const { pathname, search } = new URL(request.url)
    if (!pathname.startsWith('/api/')) return null
    return passOn(request, backend.api.replace(/\/api$/, '') + pathname + search)
  })
  onTestFinished(() => application.close())
  const chromium = await launchChromium()
  onTestFinished(() => chromium.remove())
  return {
    store,
    gate,
    chromium,
    url: application.url,
    restartBackend: async () => {
      await backend.kill()
      backend = await startPythonBackend(environment)
    },
    makeFile: async (size: number) => {
      const bytes = sampleBytes(size, 'python')
      const path = join(store.scratch, 'film.mp4')
      await writeFile(path, bytes)
      return { path, sha256: sha256(bytes) }
    },
    storedAt: async (key: string) => {
      return sha256((await nodeClient(store).getObject({ ...bucket, Key: key })).Body)
    },
  }
}

/** Forwards a request, as an application's proxy does. */
async function passOn(request: Request, address: string): Promise<Response> {
  const text = await request.text()
  const type = request.headers.get('content-type')
  return fetch(address, {
    method: request.method,
    redirect: 'manual',
    headers: { ...(type !== null && { 'content-type': type }) },
    ...(text !== '' && { body: text }),
  })
}

async function finishedKey(page: Page): Promise<string> {
  await expect.poll(() => page.locator('#state').textContent(), { timeout: 60_000 }).toMatch(/^key /)
  return ((await page.locator('#state').textContent()) ?? '').slice(4)
}

test.skipIf(whyNoPython() !== null)(
  'a backend in Python carries an upload through a reload of the page and a crash of the backend',
  async () => {
    const { store, gate, chromium, url, makeFile, storedAt, restartBackend } = await started()
    const file = await makeFile(20 * MiB + 7)
    gate.letThrough(1)
    await chromium.page.goto(url)
    await chromium.page.setInputFiles('#file', file.path)
    await gate.acknowledged(1)
    await gate.holding(1)
    await waitForCopy(chromium.page)
    await restartBackend()
    await chromium.page.reload()
    await gate.empty()
    gate.letThrough(100)
    const key = await finishedKey(chromium.page)
    expect(await storedAt(key)).toBe(file.sha256)
    // Parts stored before are not sent again.
    expect(store.partsStored(key).toSorted()).toEqual([1, 2, 3])
  },
)

test.skipIf(whyNoPython() !== null)(
  'a backend in Python carries an upload through a crash of the browser',
  async () => {
    const { store, gate, chromium, url, makeFile, storedAt } = await started()
    const file = await makeFile(20 * MiB + 7)
    gate.letThrough(1)
    await chromium.page.goto(url)
    await chromium.page.setInputFiles('#file', file.path)
    await gate.acknowledged(1)
    await gate.holding(1)
    await chromium.kill()
    await gate.empty()
    gate.letThrough(100)
    const page = await chromium.relaunch()
    await page.goto(url)
    await page.setInputFiles('#file', file.path)
    const key = await finishedKey(page)
    expect(await storedAt(key)).toBe(file.sha256)
    expect(store.partsStored(key).toSorted()).toEqual([1, 2, 3])
  },
)
