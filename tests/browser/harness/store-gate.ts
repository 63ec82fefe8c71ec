import { once } from 'node:events'
import { Agent, type IncomingMessage, type ServerResponse, createServer, request } from 'node:http'
import { PassThrough, Transform, pipeline } from 'node:stream'

/**
 * The only route to a store that is not ours: a proxy that passes requests on unchanged and records what the embedded
 * store's journal would. Signatures stay valid because the `Host` header is preserved.
 */
export interface StoreGate {
  /** `http://127.0.0.1:40001` */
  readonly url: string
  /** Number of acknowledgements of each part, by `<path> <part number>`. */
  acknowledgements(): ReadonlyMap<string, number>
  /** Number of requests the store answered with 403. */
  refused(): number
  /** Request body bytes passed so far. */
  passed(): number
  /** Limits the rate of each request's body until `heal`, so that a test can act meanwhile. */
  slowDown(bytesPerSecond?: number): void
  heal(): void
  close(): Promise<void>
}

/** @param endpoint Endpoint of the store: `http://127.0.0.1:7480`. */
export async function startStoreGate(endpoint: string): Promise<StoreGate> {
  const { hostname: host, port } = new URL(endpoint)
  const agent = new Agent({ keepAlive: true })
  const acknowledged = new Map<string, number>()
  let refused = 0
  let passed = 0
  let rate = Infinity

  const pass = (incoming: IncomingMessage, answer: ServerResponse) => {
    const { method, url = '', headers } = incoming
    const outgoing = request({ host, port, method, path: url, headers, agent }, (given) => {
      if (given.statusCode === 403) refused += 1
      const part = method === 'PUT' && given.statusCode === 200 ? partOf(url) : null
      if (part !== null) acknowledged.set(part, (acknowledged.get(part) ?? 0) + 1)
      answer.writeHead(given.statusCode ?? 502, given.rawHeaders)
      // If the browser has gone, there is nobody to report an error to.
      pipeline(given, answer, () => undefined)
    })
    outgoing.on('error', () => answer.destroy())
    answer.on('close', () => outgoing.destroy())
    const counted = new PassThrough().on('data', (chunk: Buffer) => (passed += chunk.length))
    pipeline(
      incoming,
      paced(() => rate),
      counted,
      outgoing,
      () => undefined,
    )
  }
  const server = createServer(pass).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    acknowledgements: () => new Map(acknowledged),
    refused: () => refused,
    passed: () => passed,
    slowDown: (bytesPerSecond = 8 * 1024 * 1024) => (rate = bytesPerSecond),
    heal: () => (rate = Infinity),
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      agent.destroy()
      await closed
    },
  }
}

function partOf(url: string): string | null {
  const { pathname, searchParams } = new URL(url, 'http://store')
  const partNumber = searchParams.get('partNumber')
  return partNumber === null ? null : `${pathname} ${partNumber}`
}

/** @param rate returns the bytes per second; called for each chunk */
function paced(rate: () => number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const milliseconds = (chunk.length / rate()) * 1000
      if (milliseconds === 0) done(null, chunk)
      else setTimeout(() => done(null, chunk), milliseconds)
    },
  })
}
