import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'

/**
 * A proxy for the store that forwards every request unchanged, but lets through only a set number of parts (`PUT
 * …?partNumber=…`) and holds the rest until more are let through or their client gives up. This makes "stopped after
 * three parts" a state the test reaches, not a moment it has to catch.
 */
export interface PartGate {
  /** Address to send requests to instead of the store's, `127.0.0.1:PORT`. */
  readonly address: string
  readonly port: number
  /** Lets `parts` more parts through. */
  letThrough(parts: number): void
  /** Resolves once the store has answered `parts` parts in total successfully. */
  acknowledged(parts: number): Promise<void>
  /** Resolves once at least `parts` parts are held. */
  holding(parts: number): Promise<void>
  /** Resolves once no part is held: each was let through, or its client gave up. */
  empty(): Promise<void>
  close(): Promise<void>
}

/** @param upstreamPort - The store's port on 127.0.0.1. */
export async function openPartGate(upstreamPort: number): Promise<PartGate> {
  let passes = 0
  let acknowledged = 0
  const held = new Set<() => void>()
  const waiting = new Set<() => void>()
  const changed = () => {
    for (const check of [...waiting]) check()
  }
  const once = (reached: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!reached()) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })

  function admit(req: IncomingMessage, res: ServerResponse) {
    if (req.method !== 'PUT' || !/[?&]partNumber=/.test(req.url ?? '')) {
      req.pipe(upstreamRequest(req, res, upstreamPort))
      return
    }
    // Read a held part, so that the gate notices when its client disconnects; parts of these suites are 1 MiB.
    const body = buffer(req)
    body.catch(() => undefined)
    const go = () => {
      held.delete(go)
      changed()
      body.then(
        (bytes) => {
          const upstream = upstreamRequest(req, res, upstreamPort, (status) => {
            if (status === 200) acknowledged++
            changed()
          })
          upstream.end(bytes)
        },
        () => res.destroy(),
      )
    }
    if (passes > 0) {
      passes--
      go()
      return
    }
    held.add(go)
    res.once('close', () => {
      held.delete(go)
      changed()
    })
    changed()
  }

  const server = createServer({ requestTimeout: 0, noDelay: true }, admit)
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('The gate has no port')
  return {
    address: `127.0.0.1:${bound.port}`,
    port: bound.port,
    letThrough(parts) {
      passes += parts
      for (const go of [...held].slice(0, passes)) {
        passes--
        go()
      }
    },
    acknowledged: (parts) => once(() => acknowledged >= parts),
    holding: (parts) => once(() => held.size >= parts),
    empty: () => once(() => held.size === 0),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Sends the same request to the store and streams its response to the client. */
function upstreamRequest(
  req: IncomingMessage,
  res: ServerResponse,
  port: number,
  answered: (status: number | undefined) => void = () => undefined,
) {
  const upstream = request(
    // Host and all other headers stay as signed by the client.
    { host: '127.0.0.1', port, method: req.method, path: req.url, headers: req.headers, agent: false },
    (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(res)
      answer.on('end', () => answered(answer.statusCode))
    },
  )
  upstream.on('error', () => res.destroy())
  res.on('close', () => {
    if (!res.writableFinished) upstream.destroy()
  })
  return upstream
}
