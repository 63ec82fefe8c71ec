import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { cosStsIssuer, createServer, openDatabase } from '@carryon/server'
import { createAdaptorServer } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { account } from './account.js'
import { bareUploads } from './bare-uploads.js'
import { scratchRoot } from './scratch.js'
import { cpuMilliseconds, hostService } from './service-host.js'
import { storeSeenFrom } from './store-seen-from.js'

/** What the application's own server is told at its start. */
export interface AppSettings {
  /** Where this process reaches the store. */
  readonly storeUrl: string
  /** Where browsers reach it: through the link. */
  readonly publicStoreUrl: string
  /** Folder with the page and its bundles. */
  readonly page: string
}

const directory = await mkdtemp(join(scratchRoot(), 'carryon-bench-app-'))
const sockets = new Set<Socket>()
const closedSockets = { received: 0, sent: 0 }
let closeCarryon: () => Promise<void> = () => Promise.resolve()

const root = new Hono()
const http = createAdaptorServer({ fetch: root.fetch }) as Server
http.keepAliveTimeout = 75_000
http.on('connection', (socket: Socket) => {
  sockets.add(socket)
  socket.on('close', () => {
    sockets.delete(socket)
    closedSockets.received += socket.bytesRead
    closedSockets.sent += socket.bytesWritten
  })
})
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))

const calls = {
  port: () => (http.address() as AddressInfo).port,
  /** Mounts server and page; the port is known before, because the link in front of it needs it. */
  async start({ storeUrl, publicStoreUrl, page }: AppSettings) {
    const store = storeSeenFrom(storeUrl, publicStoreUrl)
    const carryon = createServer({
      store,
      sts: cosStsIssuer({ ...account, endpoint: storeUrl }),
      database: openDatabase({ file: join(directory, 'carryon.sqlite') }),
      stsAllowPrefix: 'own',
      sweepEvery: 0,
    })
    closeCarryon = () => carryon.close()
    await carryon.ready()
    root.route('/bare', bareUploads(store))
    root.all('/api/*', (context) => carryon.fetch(context.req.raw))
    root.all('/sts', (context) => carryon.fetch(context.req.raw))
    root.use(serveStatic({ root: page }))
  },
  /** Bytes on this server's sockets so far, headers and all. */
  traffic() {
    const sum = { ...closedSockets }
    for (const socket of sockets) {
      sum.received += socket.bytesRead
      sum.sent += socket.bytesWritten
    }
    return sum
  },
  cpu: () => cpuMilliseconds(),
}

export type AppCalls = typeof calls

hostService(calls, async () => {
  http.closeAllConnections()
  await closeCarryon()
  await rm(directory, { recursive: true, force: true })
})
