import { createHash } from 'node:crypto'
import { request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFailed, onTestFinished, test } from 'vitest'
import { type CommandProgram, commandProgram } from '../api/support/command-process.js'
import { freePorts } from '../support/free-ports.js'
import { launchChromium } from './harness/chromium.js'
import { type Nginx, startNginx, whyNoNginx } from './harness/nginx.js'
import { startProduct } from './harness/product.js'
import { makeScratchFolder } from './harness/scratch-folder.js'
import { makeTestFile, MiB } from './harness/test-file.js'
import { UploadPage } from './harness/upload-page.js'

const missing = whyNoNginx()

interface Way {
  readonly name: string
  /** Directives for the location of the page and the API. */
  readonly page: (app: number) => string
  /** `proxy_request_buffering` in front of the store. */
  readonly buffering: 'on' | 'off'
}

const ways: readonly Way[] = [
  {
    name: 'the path taken off, Host without the port, bodies buffered',
    page: (app) => `proxy_pass http://127.0.0.1:${app}/; proxy_set_header Host $host;`,
    buffering: 'on',
  },
  {
    name: 'the path kept, Host as nginx has it without being told, bodies handed on at once',
    page: (app) => `proxy_pass http://127.0.0.1:${app};`,
    buffering: 'off',
  },
]

/** The product under `https://localhost:…/files` and its store at a separate origin, both behind nginx. */
async function startBehindNginx({ page, buffering }: Way) {
  const [front = 0, storeFront = 0, app = 0, store = 0] = await freePorts(4)
  const url = `https://localhost:${front}/files/`
  const nginx: Nginx = await startNginx([
    { port: front, directives: `location /files/ { ${page(app)} }` },
    {
      port: storeFront,
      directives: `client_max_body_size 0;
    location / {
      proxy_pass http://127.0.0.1:${store};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_request_buffering ${buffering};
    }`,
    },
  ])
  onTestFinished(() => nginx.close())
  const product = await startProduct({
    PORT: String(app),
    LOCAL_STORE_PORT: String(store),
    PUBLIC_BASE_URL: url,
    LOCAL_STORE_PUBLIC_URL: `https://localhost:${storeFront}`,
  })
  onTestFailed(() => console.error(`carryon said:\n${product.output()}`))
  onTestFinished(() => product.remove())
  return { url, nginx, product, storeFront }
}

/** SHA-256 of what somebody with nothing but the link downloads. */
async function sha256Of(link: string): Promise<string> {
  const anybody = await request.newContext({ ignoreHTTPSErrors: true })
  try {
    const answer = await anybody.get(link)
    expect(answer.status()).toBe(200)
    return createHash('sha256')
      .update(await answer.body())
      .digest('hex')
  } finally {
    await anybody.dispose()
  }
}

describe.skipIf(missing !== null)('behind nginx, under /files/ and TLS', () => {
  let command: CommandProgram
  beforeAll(async () => {
    command = await commandProgram()
  })
  afterAll(() => command.remove())

  test.each(ways)('page and command upload, with $name', async (way) => {
    const { url, nginx, product, storeFront } = await startBehindNginx(way)
    expect(product.url).toBe(url)
    expect(product.storeUrl).toBe(`https://localhost:${storeFront}`)
    const scratch = await makeScratchFolder('files')
    onTestFinished(() => scratch.remove())
    const large = await makeTestFile(`${scratch.path}/film.mkv`, 20 * MiB, 1)
    const small = await makeTestFile(`${scratch.path}/photo.jpg`, 100_000, 2)

    const chromium = await launchChromium({ args: ['--ignore-certificate-errors'] })
    onTestFinished(() => chromium.remove())
    // Without the trailing slash, as people write it.
    const page = await UploadPage.open(chromium.page, url.slice(0, -1))
    expect(chromium.page.url()).toBe(url)
    await page.pick(large.path, small.path)
    for (const file of [large, small]) {
      const row = page.row(file.path)
      await row.waitFor('done')
      const link = await row.url()
      expect(link.startsWith(`${url}api/uploads/`)).toBe(true)
      const answer = await chromium.context.request.get(link, { ignoreHTTPSErrors: true })
      expect(answer.status()).toBe(200)
      expect(new URL(answer.url()).port).toBe(String(storeFront))
      expect(
        createHash('sha256')
          .update(await answer.body())
          .digest('hex'),
      ).toBe(file.sha256)
    }
    const cookies = await chromium.context.cookies(`${url}api/uploads`)
    expect(cookies.map(({ secure }) => secure)).toEqual([true])

    const environment = { XDG_STATE_HOME: scratch.path, NODE_EXTRA_CA_CERTS: nginx.certificate }
    const film = await makeTestFile(`${scratch.path}/other.mkv`, 20 * MiB, 3)
    const { code, stdout, stderr } = await command.run(['upload', '--server', url, '--link', film.path], {
      environment,
    })
    expect([code, stderr]).toEqual([0, expect.stringContaining('works for everybody until')])
    expect(stdout.startsWith(`${url}api/uploads/`)).toBe(true)
    expect(await sha256Of(stdout.trim())).toBe(film.sha256)
    const distrusting = await command.run(['upload', '--server', url, film.path], {
      environment: { XDG_STATE_HOME: scratch.path },
    })
    expect([distrusting.code, distrusting.stderr]).toEqual([
      1,
      expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    ])
  })
})
