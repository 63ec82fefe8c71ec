import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startLocalCos } from '@carryon/local-cos'
import { cosLocation, createCosStore } from '@carryon/object-store'
import { expect, onTestFinished, test } from 'vitest'
import { launchChromium } from './harness/chromium.js'
import { makeScratchFolder } from './harness/scratch-folder.js'

const script = "document.cookie = 'carryon_owner=somebody-else; path=/api'; document.title = 'ran'"
const namespace = 'xmlns="http://www.w3.org/1999/xhtml"'

/** Documents that run scripts when a browser displays them. */
const pages: readonly (readonly [name: string, mediaType: string, text: string])[] = [
  ['page.html', 'text/html', `<!doctype html><script>${script}</script>`],
  ['unnamed', 'application/octet-stream', `<!doctype html><script>${script}</script>`],
  ['page.xhtml', 'application/xhtml+xml', `<html ${namespace}><script>${script}</script></html>`],
  ['page.svg', 'image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg"><script>${script}</script></svg>`],
  ['page.xml', 'text/xml', `<a><script ${namespace}>${script}</script></a>`],
]

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('no page out of the store sets a cookie that an application on the same host receives', async () => {
  const folder = await makeScratchFolder('stored-page')
  const credentials = { accessKeyId: 'AKIDpages', secretAccessKey: 'pages-secret' }
  const local = await startLocalCos({
    directory: folder.path,
    secretId: credentials.accessKeyId,
    secretKey: credentials.secretAccessKey,
  })
  const chromium = await launchChromium()
  onTestFinished(async () => {
    await chromium.remove()
    await local.close()
    await folder.remove()
  })
  const { bucket, region, url } = local
  const store = createCosStore({ location: cosLocation({ bucket, region, endpoint: url }), credentials })
  const received: (string | undefined)[] = []
  const application = await listen((request, response) => {
    if (request.url === '/api/uploads') received.push(request.headers.cookie)
    response.end('application')
  })
  const { page } = chromium
  const cookieAfter = async (address: string): Promise<string | undefined> => {
    await page.goto(address)
    await page.goto(`${application}/api/uploads`)
    return received.at(-1)
  }

  for (const [name, mediaType, text] of pages) {
    await store.putObject(name, Buffer.from(text), { contentType: mediaType })
    for (const query of [
      { 'response-content-disposition': 'inline' },
      { 'response-content-disposition': 'inline', 'response-content-type': 'text/html' },
    ]) {
      const signed = await store.presign({ method: 'GET', key: name, query, expiresIn: 60 })
      if (name === 'unnamed' && !('response-content-type' in query)) continue
      expect([name, await cookieAfter(signed.url)]).toEqual([name, undefined])
      await page.goto(signed.url)
      expect(await page.title()).not.toBe('ran')
    }
  }

  // An ordinary server on another port can set it: so it was the store that prevented it above.
  const ordinary = await listen((_request, response) => {
    response.setHeader('content-type', 'text/html').end(pages[0]?.[2])
  })
  expect(await cookieAfter(ordinary)).toBe('carryon_owner=somebody-else')
})
