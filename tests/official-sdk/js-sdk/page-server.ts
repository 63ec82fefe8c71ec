import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Response of an application's own server to a page that uses `cos-js-sdk-v5`: the JSON of `GET /sts`. */
export interface StsAnswer {
  readonly credentials: {
    readonly tmpSecretId: string
    readonly tmpSecretKey: string
    readonly sessionToken: string
  }
  /** Unix seconds. */
  readonly startTime: number
  readonly expiredTime: number
  readonly bucket: string
  readonly region: string
  /** Prefix under which the credentials may write. */
  readonly prefix: string
}

export interface PageServer {
  readonly origin: string
  close(): Promise<void>
}

const sdk = join(dirname(createRequire(import.meta.url).resolve('cos-js-sdk-v5/package.json')), 'dist')

const page = `<!doctype html>
<meta charset="utf-8">
<title>cos-js-sdk-v5</title>
<link rel="icon" href="data:,">
<script src="/cos-js-sdk-v5.js"></script>
<input type="file" data-testid="file">
`

/**
 * Serves a page with the SDK and a file input on loopback, and answers `GET /sts` with the result of `sts`.
 *
 * @param sts - Called for every `GET /sts`; a `Response` is passed on, so that another server's route can be used
 * here.
 */
export async function servePage(sts: () => Promise<StsAnswer | Response>): Promise<PageServer> {
  const script = await readFile(join(sdk, 'cos-js-sdk-v5.js'))
  const server = createServer((req, res) => {
    const answer = (status: number, type: string, body: string | Buffer) => {
      res.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
    }
    if (req.url === '/') {
      answer(200, 'text/html; charset=utf-8', page)
      return
    }
    if (req.url === '/cos-js-sdk-v5.js') {
      answer(200, 'text/javascript; charset=utf-8', script)
      return
    }
    if (req.url !== '/sts') {
      answer(404, 'text/plain', 'not found')
      return
    }
    sts()
      .then(async (given) =>
        given instanceof Response
          ? answer(given.status, 'application/json', await given.text())
          : answer(200, 'application/json', JSON.stringify(given)),
      )
      .catch((error: unknown) => answer(500, 'text/plain', String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('The page server has no port')
  return {
    origin: `http://127.0.0.1:${bound.port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
