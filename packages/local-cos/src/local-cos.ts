import { setMaxListeners } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { issueAdminToken, withdrawAdminToken } from './admin-access.js'
import { adminPrefix, answerAdmin } from './admin.js'
import { permissiveCors } from './cors.js'
import { StartError, systemErrorCode } from './errors.js'
import { Faults } from './faults.js'
import { Journal, type Counters, type JournalEntry } from './journal.js'
import { applyLifecycle } from './lifecycle.js'
import { resolveOptions, type LocalCosOptions, type ResolvedOptions } from './options.js'
import { RequestHandler } from './request-handler.js'
import { Storage } from './storage/storage.js'
import { TokenSealer } from './sts/token.js'
import { element, xmlDeclaration } from './xml.js'

/** A running store. */
export interface LocalCos {
  /** `http://127.0.0.1:3001` */
  readonly url: string
  readonly port: number
  /** Path-style address of the bucket: `http://127.0.0.1:3001/carryon-1250000000`. */
  readonly baseUrl: string
  readonly bucket: string
  readonly region: string
  /** The fault switch, when `faults` is on. */
  readonly faults: Faults | undefined
  /** What admin calls over HTTP need, when `faults` is on; also in `<directory>/admin-token` while the store runs. */
  readonly adminToken: string | undefined
  /** Requests and bytes by operation, since the start. */
  readonly counters: Counters
  /** Every answered request, oldest first; empty unless `journal` is on. */
  readonly journal: readonly JournalEntry[]
  /** Forgets journal and counters. */
  clearJournal(): void
  /** Carries out the lifecycle rules now instead of at the next interval. */
  applyLifecycle(): Promise<{ readonly uploads: number; readonly objects: number }>
  /** Stops listening, lets running requests end (at most 3 s), and resolves when nothing runs any more. */
  close(): Promise<void>
}

/** Milliseconds that requests get to end when the store is closed. */
const closeGrace = 3000

/**
 * Starts a COS-compatible object store in this process.
 *
 * @throws {@link StartError} `INVALID_OPTIONS`, `DIRECTORY_NOT_WRITABLE`, `DIRECTORY_IN_USE` or `PORT_TAKEN`.
 * @example
 * ```ts
 * const store = await startLocalCos({ directory: './data/objects', secretId: 'id', secretKey: 'key' })
 * console.log(store.baseUrl)
 * await store.close()
 * ```
 */
export async function startLocalCos(options: LocalCosOptions): Promise<LocalCos> {
  const settings = resolveOptions(options)
  const storage = await Storage.open(settings.directory, settings.maxBytes, settings.log)
  if (storage.find(settings.bucket) === undefined) {
    await storage.create(settings.bucket, {
      createdAt: settings.now(),
      cors: settings.cors === 'permissive' ? permissiveCors : null,
      lifecycle: null,
    })
  }
  const closing = new AbortController()
  // Each request that waits for a fault listens; their number is no sign of a leak.
  setMaxListeners(0, closing.signal)
  const faults = new Faults()
  const journal = new Journal(settings.journal)
  const runLifecycle = async (): Promise<{ uploads: number; objects: number }> => {
    const removed = { uploads: 0, objects: 0 }
    for (const bucket of storage.list()) {
      const { uploads, objects } = await applyLifecycle(bucket, settings.now())
      removed.uploads += uploads
      removed.objects += objects
    }
    return removed
  }
  const handler = new RequestHandler({
    storage,
    account: {
      secretId: settings.secretId,
      secretKey: settings.secretKey,
      tokens: new TokenSealer(settings.secretKey),
    },
    region: settings.region,
    faults,
    journal,
    now: settings.now,
    log: settings.log,
    closing: closing.signal,
  })

  const adminToken = settings.faults ? await issueAdminToken(settings.directory) : undefined
  const running = new Set<Promise<void>>()
  const server = createServer((request, response) => {
    const admin = adminToken !== undefined && request.url?.startsWith(adminPrefix) === true
    const answered = admin
      ? answerAdmin(request, response, { token: adminToken, faults, journal, applyLifecycle: runLifecycle })
      : handler.handle(request, response)
    running.add(answered)
    void answered.finally(() => running.delete(answered))
  })
  // A part of 5 GB may take hours; what stands still is ended by the idle timeout instead.
  server.requestTimeout = 0
  server.timeout = 600_000
  server.keepAliveTimeout = 75_000
  server.on('clientError', refuseBrokenRequest)
  // Without a listener the connection would end without an answer.
  server.on('connect', (_request, socket) => refuseBrokenRequest(new Error('no proxy'), socket))
  try {
    await listen(server, settings)
  } catch (error) {
    if (adminToken !== undefined) await withdrawAdminToken(settings.directory)
    await storage.close()
    throw error
  }

  const lifecycle = setInterval(() => {
    runLifecycle().catch((error: unknown) =>
      settings.log({ message: 'lifecycle failed', error: String(error) }),
    )
  }, settings.lifecycleInterval)
  lifecycle.unref()

  const { port } = server.address() as AddressInfo
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  const url = `http://${host}:${port}`
  return {
    url,
    port,
    baseUrl: `${url}/${settings.bucket}`,
    bucket: settings.bucket,
    region: settings.region,
    faults: settings.faults ? faults : undefined,
    adminToken,
    get counters() {
      return journal.counters
    },
    get journal() {
      return journal.entries
    },
    clearJournal: () => journal.clear(),
    applyLifecycle: runLifecycle,
    close: async () => {
      clearInterval(lifecycle)
      closing.abort()
      await stop(server)
      await Promise.all(running)
      if (adminToken !== undefined) await withdrawAdminToken(settings.directory)
      await storage.close()
    },
  }
}

async function listen(server: Server, { host, port }: ResolvedOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      const code = systemErrorCode(error)
      const why =
        code === 'EADDRINUSE'
          ? `Port ${port} of ${host} is taken. Choose another, or end what listens there.`
          : `The store cannot listen on ${host}:${port}: ${error.message}.`
      reject(new StartError('PORT_TAKEN', why, error))
    }
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

/** What is no HTTP, or ends before its `Content-Length`, never reaches an operation. */
function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const code = error.code === 'HPE_INVALID_EOF_STATE' ? 'IncompleteBody' : 'BadRequest'
  const message =
    code === 'IncompleteBody' ? 'The body is shorter than its Content-Length.' : 'The request is no HTTP.'
  const body = xmlDeclaration + element('Error', [element('Code', code), element('Message', message)])
  socket.end(
    'HTTP/1.1 400 Bad Request\r\nContent-Type: application/xml\r\nConnection: close\r\n' +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

async function stop(server: Server): Promise<void> {
  const force = setTimeout(() => server.closeAllConnections(), closeGrace)
  // A connection whose request has just ended stays open for the next one; the server would wait for it.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
  clearInterval(idle)
  clearTimeout(force)
}
