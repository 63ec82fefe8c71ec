import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server as HttpServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { type LocalCos, startLocalCos } from '@carryon/local-cos'
import { createCosStore, type ObjectStore } from '@carryon/object-store'
import { cosStsIssuer, createServer, type LogEntry, openDatabase, type Server } from '@carryon/server'

export const secrets = { secretId: 'AKIDpermanentofthetests', secretKey: 'the-permanent-secret-of-the-tests' }

/** A server on a socket, using an embedded store on another socket and its own database. */
export interface ApiUnderTest {
  /** `http://127.0.0.1:40001` */
  readonly url: string
  readonly server: Server
  readonly local: LocalCos
  /** Uses the server's own credentials. */
  readonly store: ObjectStore
  readonly log: readonly LogEntry[]
  /** Moves the server's clock. */
  advance(milliseconds: number): void
  /**
   * Shuts this server down normally and starts another on the same database and store.
   *
   * @param more additional options
   */
  restart(more?: ApiOptions): Promise<ApiUnderTest>
  close(): Promise<void>
}

export type ApiOptions = Partial<Parameters<typeof createServer>[0]> & {
  /** No STS. */
  readonly signedUrls?: boolean
  /** A wrong secret key, so that STS refuses the server. */
  readonly stsSecretKey?: string
}

export const day = 86_400_000

export async function startApi(options: ApiOptions = {}): Promise<ApiUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'carryon-api-'))
  const local = await startLocalCos({
    directory: join(directory, 'objects'),
    ...secrets,
    faults: true,
    journal: true,
  })
  const removeAll = async () => {
    await local.close()
    await rm(directory, { recursive: true, force: true })
  }
  return serveApi({ directory, local, options, removeAll })
}

interface Ground {
  readonly directory: string
  readonly local: LocalCos
  readonly options: ApiOptions
  readonly removeAll: () => Promise<void>
}

async function serveApi(ground: Ground, atPort = 0): Promise<ApiUnderTest> {
  const { local, options } = ground
  const { signedUrls = false, stsSecretKey = secrets.secretKey, ...serverOptions } = options
  const store = createCosStore({
    location: { dialect: 'cos', baseUrl: local.baseUrl, bucket: local.bucket, region: local.region },
    credentials: { accessKeyId: secrets.secretId, secretAccessKey: secrets.secretKey },
    retry: { attempts: 1 },
    capabilities: { forms: true },
  })
  const log: LogEntry[] = []
  let ahead = 0
  const server = createServer({
    store,
    sts: signedUrls
      ? null
      : cosStsIssuer({
          secretId: secrets.secretId,
          secretKey: stsSecretKey,
          region: local.region,
          endpoint: local.url,
        }),
    database: openDatabase({ file: join(ground.directory, 'carryon.sqlite') }),
    sweepEvery: 0,
    log: (entry) => log.push(entry),
    now: () => new Date(Date.now() + ahead),
    ...serverOptions,
  })
  await server.ready()
  const http = createAdaptorServer({ fetch: server.fetch }) as HttpServer
  http.listen(atPort, '127.0.0.1')
  await once(http, 'listening')
  const address = http.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  const stop = async () => {
    const closed = once(http, 'close')
    http.close()
    http.closeAllConnections()
    await closed
    await server.close()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    local,
    store,
    log,
    advance: (milliseconds) => {
      ahead += milliseconds
    },
    restart: async (more) => {
      await stop()
      // Keep the port: a browser expects the server at the same address.
      return serveApi({ ...ground, options: { ...options, ...more } }, port)
    },
    close: async () => {
      await stop()
      await ground.removeAll()
    },
  }
}

/** Keys of all open multipart uploads in the store. */
export async function openMultipartKeys({ store }: ApiUnderTest): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.listMultipartUploads('')) keys.push(key)
  return keys
}
