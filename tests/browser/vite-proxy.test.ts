import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createServer, type ProxyOptions } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { launchChromium } from './harness/chromium.js'
import { startProduct } from './harness/product.js'
import { makeScratchFolder } from './harness/scratch-folder.js'

/** A page of another application on Vite's development server, which proxies `/api` to Carryon. */
async function developmentServer(proxy: string | ProxyOptions): Promise<string> {
  const folder = await makeScratchFolder('vite')
  await writeFile(join(folder.path, 'index.html'), '<!doctype html><title>an application</title>')
  const vite = await createServer({
    configFile: false,
    root: folder.path,
    logLevel: 'silent',
    optimizeDeps: { noDiscovery: true },
    server: { host: '127.0.0.1', port: 0, hmr: false, proxy: { '/api': proxy } },
  })
  onTestFinished(async () => {
    await vite.close()
    await folder.remove()
  })
  await vite.listen()
  return vite.resolvedUrls?.local[0] ?? ''
}

test.each([
  ['as its documentation writes it', (target: string) => target],
  ['with changeOrigin', (target: string) => ({ target, changeOrigin: true })],
  ['without changeOrigin', (target: string) => ({ target, changeOrigin: false })],
])('a page behind the proxy of Vite may upload, %s', async (_, proxy) => {
  const product = await startProduct()
  onTestFinished(() => product.remove())
  const chromium = await launchChromium()
  onTestFinished(() => chromium.remove())
  await chromium.page.goto(await developmentServer(proxy(product.url.slice(0, -1))))
  const answers = await chromium.page.evaluate(async () => {
    const opened = await fetch('/api/uploads', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identity: '1:9000000:a', name: 'a.bin', size: 9_000_000 }),
    })
    const listed = await fetch('/api/uploads')
    const { uploads } = (await listed.json()) as { uploads: { name: string }[] }
    return { status: opened.status, names: uploads.map(({ name }) => name) }
  })
  expect(answers).toEqual({ status: 201, names: ['a.bin'] })
})
