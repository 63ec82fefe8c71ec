import { once } from 'node:events'
import { createServer, request } from 'node:http'

/** A reverse proxy that sends each request to the next server in turn, and answers 502 if that server is down. */
export async function startRoundRobin(ports: readonly number[]) {
  let turn = 0
  const proxy = createServer((incoming, answer) => {
    const port = ports[turn++ % ports.length]
    const { method, url: path, headers } = incoming
    const unreachable = () => {
      if (answer.headersSent) answer.destroy()
      else answer.writeHead(502).end()
    }
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers)
      given.on('error', unreachable).pipe(answer)
    })
    incoming.pipe(outgoing.on('error', unreachable))
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async close() {
      const closed = once(proxy, 'close')
      proxy.close()
      proxy.closeAllConnections()
      await closed
    },
  }
}
