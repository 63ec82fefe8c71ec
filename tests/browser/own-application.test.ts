import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createCosStore } from '@carryon/object-store'
import { cosStsIssuer, createServer, openDatabase } from '@carryon/server'
import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { allowPages } from '../official-sdk/js-sdk/application.js'
import { bucket, nodeClient } from '../official-sdk/support/node-client.js'
import { openPartGate } from '../official-sdk/support/part-gate.js'
import { MiB, sampleBytes, sha256 } from '../official-sdk/support/sample.js'
import { account, startStoreUnderTest } from '../official-sdk/support/store-under-test.js'
import { bundlePage } from './harness/bundled-page.js'
import { launchChromium } from './harness/chromium.js'
import { waitForCopy } from './harness/kept-copy.js'
import { frameworks, listen, OwnApplication, type Framework } from './harness/own-application.js'

const body = '<input id="file" type="file"><p id="state"></p>'
const script = `
import { createUploader } from '@carryon/client'

const uploader = createUploader({ backend: '/files/api' })
const show = (text) => (document.querySelector('#state').textContent = text)
const follow = (upload) => {
  upload.on('change', ({ progress }) => show(Math.round(progress.percent) + ' %'))
  upload.done.then(({ data }) => show(data.film), (error) => show(error.code + ': ' + error.message))
}
document.querySelector('#file').onchange = ({ target }) =>
  follow(uploader.upload(target.files[0], { metadata: { album: 'summer' } }))
globalThis.finished = async () => (await uploader.finished()).uploads.map(({ name }) => name)
for (const left of await uploader.unfinished().catch(() => [])) {
  if (left.needs === 'nothing') follow(await left.resume())
}
`

/** Maximum size of one person's file, bytes. */
const largestFilm = 12 * MiB

async function started(framework: Framework) {
  const store = await startStoreUnderTest()
  onTestFinished(() => store.close())
  await allowPages(store)
  const gate = await openPartGate(store.port)
  onTestFinished(() => gate.close())
  const application = new OwnApplication()
  onTestFinished(() => application.close())
  const { secretId, secretKey, region } = account
  const uploads = createServer({
    store: createCosStore({
      location: {
        dialect: 'cos',
        baseUrl: `http://${gate.address}/${account.bucket}`,
        bucket: account.bucket,
        region,
      },
      credentials: { accessKeyId: secretId, secretAccessKey: secretKey },
    }),
    sts: cosStsIssuer({ secretId, secretKey, region, endpoint: `http://${store.address}` }),
    database: openDatabase({ file: join(store.scratch, 'uploads.sqlite') }),
    sweepEvery: 0,
    basePath: '/files',
    authorize: (request) => {
      const owner = application.userOf(request)
      if (owner === null) return { refuse: 'Sign in to upload films.', status: 401 }
      return { owner, context: { plan: 'free' }, limits: { maxFileBytes: largestFilm } }
    },
    onOpen: ({ keyPrefix, owner, metadata }) => ({
      key: `${keyPrefix}${owner}/${metadata['album'] ?? 'none'}/`,
    }),
    onDone: (event) => application.keepFilm(event),
  })
  await uploads.ready()
  onTestFinished(() => uploads.close())
  const served = await listen(await framework(application, uploads, await bundlePage(body, script)))
  onTestFinished(() => served.close())
  const chromium = await launchChromium()
  onTestFinished(() => chromium.remove())
  return { store, gate, application, chromium, url: served.url }
}

async function openPage(context: BrowserContext, url: string, user: string | null): Promise<Page> {
  const page = await context.newPage()
  if (user !== null) await context.request.post(`${url}sign-in/${user}`)
  await page.goto(url)
  return page
}

const shown = (page: Page) => expect.poll(() => page.locator('#state').textContent(), { timeout: 60_000 })

describe.each(Object.entries(frameworks))(
  'an application in %s, with its uploads below /files',
  (_, framework) => {
    test('its people upload, refresh in the middle, and the film is in its own table once', async () => {
      const { store, gate, application, chromium, url } = await started(framework)
      const bytes = sampleBytes(10 * MiB, 'film')
      await writeFile(join(store.scratch, 'film.mp4'), bytes)
      const page = await openPage(chromium.context, url, 'anna')
      gate.letThrough(4)
      await page.setInputFiles('#file', join(store.scratch, 'film.mp4'))
      await gate.acknowledged(4)
      await gate.holding(1)
      await waitForCopy(page)
      await page.reload()
      await gate.empty()
      gate.letThrough(100)
      await shown(page).toBe('anna: film.mp4')

      const answer = await chromium.context.request.get(`${url}films`)
      expect(await answer.json()).toEqual(application.films())
      const [film, ...others] = application.films()
      expect(others).toEqual([])
      expect(film).toMatchObject({ owner: 'anna', name: 'film.mp4', album: 'summer' })
      const key = film?.['key'] ?? ''
      expect(key).toMatch(/^uploads\/anna\/summer\//u)
      const { Body } = await nodeClient(store).getObject({ ...bucket, Key: key })
      expect(sha256(Body)).toBe(sha256(bytes))
      const sent = store.partsStored(key)
      expect(new Set(sent).size).toBe(sent.length)
    })

    test('who is not signed in, and what is too large, hears it in words; one sees nothing of another', async () => {
      const { store, gate, application, chromium, url } = await started(framework)
      gate.letThrough(100)
      await writeFile(join(store.scratch, 'small.mp4'), sampleBytes(MiB, 'small'))
      await writeFile(join(store.scratch, 'long.mp4'), sampleBytes(largestFilm + 1, 'long'))
      const stranger = await openPage(chromium.context, url, null)
      await stranger.setInputFiles('#file', join(store.scratch, 'small.mp4'))
      await shown(stranger).toMatch(/Sign in to upload films\./u)

      const anna = await openPage(chromium.context, url, 'anna')
      await anna.setInputFiles('#file', join(store.scratch, 'long.mp4'))
      await shown(anna).toMatch(/^file-too-large: /u)
      await anna.setInputFiles('#file', join(store.scratch, 'small.mp4'))
      await shown(anna).toBe('anna: small.mp4')
      expect(await anna.evaluate('finished()')).toEqual(['small.mp4'])

      const bob = await openPage(chromium.context, url, 'bob')
      expect(await bob.evaluate('finished()')).toEqual([])
      expect(application.films().map(({ name }) => name)).toEqual(['small.mp4'])
    })
  },
)
