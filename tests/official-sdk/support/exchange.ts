import { request, type IncomingHttpHeaders } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { StoreUnderTest } from './store-under-test.js'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Sends the request a plain HTTP client would send for `url`, but to the store instead of the host in the URL. */
export function exchange(
  store: Pick<StoreUnderTest, 'port'>,
  method: string,
  url: string,
  body: Buffer = Buffer.alloc(0),
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const { host } = new URL(url)
  // Keep the path as written: a URL parser would turn `/a/../b` into `/b`.
  const path = url.slice(url.indexOf(host) + host.length)
  return new Promise((resolve, reject) => {
    const length = method === 'PUT' || method === 'POST' ? { 'content-length': String(body.length) } : {}
    const req = request(
      {
        host: '127.0.0.1',
        port: store.port,
        method,
        path,
        headers: { host, ...length, ...headers },
        agent: false,
      },
      (res) => {
        buffer(res).then(
          (bytes) => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: bytes }),
          reject,
        )
      },
    )
    req.on('error', reject)
    req.end(body)
  })
}
