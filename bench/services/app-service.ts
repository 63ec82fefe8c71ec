import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { cosStsIssuer, createServer, openDatabase, s3StsIssuer } from '@carryon/server'
import type { StsIssuer } from '@carryon/server'
import { getRequestListener } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { S3Store } from '@tus/s3-store'
import { Server as TusServer } from '@tus/server'
import { Hono } from 'hono'
import type { Backing } from './backing.js'
import { bareUploads } from './bare-uploads.js'
import { peerCredentials } from './peer-credentials.js'
import { peerSigning } from './peer-signing.js'
import { scratchRoot } from './scratch.js'
import { cpuMilliseconds, hostService } from './service-host.js'
import { storeSeenFrom } from './store-seen-from.js'

/** Settings of the application's server. */
export interface AppSettings {
  readonly backing: Backing
  /** URL under which this process reaches the store. */
  readonly storeUrl: string
  /** URL under which browsers reach the store: through the link. */
  readonly publicStoreUrl: string
  /** Folder with the page and its bundles. */
  readonly page: string
}

const directory = await mkdtemp(join(scratchRoot(), 'carryon-bench-app-'))
const sockets = new Set<Socket>()
const closedSockets = { received: 0, sent: 0 }
let closeCarryon: () => Promise<void> = () => Promise.resolve()
let tus: TusServer | null = null

const root = new Hono()
const answer = getRequestListener(root.fetch)
const http = createHttpServer((request, response) => {
  // Passes Node's own objects, as in the README of @tus/server: an adapter would slow it down.
  if (tus !== null && request.url?.startsWith('/files') === true) void tus.handle(request, response)
  else void answer(request, response)
})
http.keepAliveTimeout = 75_000
http.requestTimeout = 0
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
  /** Mounts server and page. The port is opened earlier, because the link in front of it needs it. */
  async start({ backing, storeUrl, publicStoreUrl, page }: AppSettings) {
    const store = storeSeenFrom(backing, storeUrl, publicStoreUrl)
    const sts = issuerOf(backing, storeUrl)
    const carryon = createServer({
      store,
      sts,
      database: openDatabase({ file: join(directory, 'carryon.sqlite') }),
      stsAllowPrefix: 'own',
      sweepEvery: 0,
    })
    closeCarryon = () => carryon.close()
    await carryon.ready()
    if (backing.dialect === 's3') {
      tus = tusOn(backing, storeUrl)
      root.route('/peer-signing', peerSigning(backing, publicStoreUrl))
    }
    root.route('/bare', bareUploads(store))
    root.route('/peer-credentials', peerCredentials(sts, store.location))
    root.all('/api/*', (context) => carryon.fetch(context.req.raw))
    root.all('/sts', (context) => carryon.fetch(context.req.raw))
    root.use(serveStatic({ root: page }))
  },
  /** Bytes on this server's sockets so far, including headers. */
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

function issuerOf({ dialect, keyId, secret, region, roleArn }: Backing, endpoint: string): StsIssuer | null {
  if (dialect === 'cos') return cosStsIssuer({ secretId: keyId, secretKey: secret, region, endpoint })
  if (roleArn === null) return null
  return s3StsIssuer({ accessKeyId: keyId, secretAccessKey: secret, region, roleArn, endpoint })
}

/** tus, which relays files through the application's server, set up as in the README of @tus/s3-store. */
function tusOn({ bucket, region, keyId, secret }: Backing, endpoint: string): TusServer {
  return new TusServer({
    path: '/files',
    datastore: new S3Store({
      partSize: 8 * 1024 * 1024,
      s3ClientConfig: {
        bucket,
        region,
        endpoint,
        forcePathStyle: true,
        // Ceph 16 rejects the streaming checksums that the SDK sends since 3.729.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        credentials: { accessKeyId: keyId, secretAccessKey: secret },
      },
    }),
  })
}

hostService(calls, async () => {
  http.closeAllConnections()
  await closeCarryon()
  await rm(directory, { recursive: true, force: true })
})
