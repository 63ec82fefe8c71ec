import { setMaxListeners } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { issueAdminToken, withdrawAdminToken } from './admin-access.js'
import { answerAdmin, isAdminCall } from './admin.js'
import { permissiveCors } from './cors.js'
import { Faults } from './faults.js'
import { createStoreServer, listen, stop } from './http-server.js'
import { Journal, type Counters, type JournalEntry } from './journal.js'
import { applyLifecycle, type Swept } from './lifecycle-sweep.js'
import { isLocalCall } from './local-calls.js'
import { resolveOptions, type LocalCosOptions, type ResolvedOptions } from './options.js'
import { answerPage } from './page/answer-page.js'
import { RecentRequests } from './recent-requests.js'
import { RequestHandler } from './request-handler.js'
import { makeMemoryDirectory } from './storage/memory-directory.js'
import { Storage } from './storage/storage.js'
import { TokenSealer } from './sts/token.js'

/** A running store. */
export interface LocalCos {
  /** `http://127.0.0.1:3001` */
  readonly url: string
  /** Port the store listens on, also when the system chose it. */
  readonly port: number
  /** Path-style address of the bucket: `http://127.0.0.1:3001/carryon-1250000000`. */
  readonly baseUrl: string
  /** Bucket name including the APPID: `carryon-1250000000`. */
  readonly bucket: string
  /** Such as `ap-guangzhou`. */
  readonly region: string
  /** The account's permanent key: the one passed in the options, or a random one for this run. */
  readonly secretId: string
  /** Secret that belongs to {@link LocalCos.secretId}. */
  readonly secretKey: string
  /** Directory that holds all data while the store runs. */
  readonly directory: string
  /** Injects faults; present when `faults` is on. */
  readonly faults: Faults | undefined
  /**
   * Token that admin calls over HTTP must send; present when `faults` is on. Also in `<directory>/admin-token`
   * while the store runs.
   */
  readonly adminToken: string | undefined
  /** Number of requests and bytes per operation since the start. */
  readonly counters: Counters
  /** Every answered request, oldest first; empty unless `journal` is on. */
  readonly journal: readonly JournalEntry[]
  /** Empties the journal and resets the counters. */
  clearJournal(): void
  /** Applies the lifecycle rules now instead of at the next interval. */
  applyLifecycle(): Promise<Swept>
  /**
   * Returns the store to its state at the first start: the one bucket, empty, with its CORS rules; no other
   * buckets, no fault rules, no journal. Requests still running are cut off. For use between tests.
   */
  reset(): Promise<void>
  /** Stops listening, gives running requests up to 3 s to finish, and resolves when all activity has ended. */
  close(): Promise<void>
  /** Same as {@link LocalCos.close}. */
  stop(): Promise<void>
}

/**
 * Starts a COS-compatible object store in this process. Without options it listens on a free loopback port, generates a
 * random key, and keeps nothing.
 *
 * @throws {@link StartError} `INVALID_OPTIONS`, `DIRECTORY_NOT_WRITABLE`, `DIRECTORY_IN_USE` or `PORT_TAKEN`.
 * @example A test with Vitest
 * ```ts
 * import COS from 'cos-nodejs-sdk-v5'
 * import { startLocalCos, type LocalCos } from '@carryon/local-cos'
 * import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
 *
 * let store: LocalCos
 * let cos: COS
 * beforeAll(async () => {
 *   store = await startLocalCos()
 *   const { secretId, secretKey, port } = store
 *   cos = new COS({ SecretId: secretId, SecretKey: secretKey, Protocol: 'http:', Ip: `127.0.0.1:${port}` })
 * })
 * beforeEach(() => store.reset())
 * afterAll(() => store.stop())
 *
 * test('keeps a file', async () => {
 *   const object = { Bucket: store.bucket, Region: store.region, Key: 'a.txt' }
 *   await cos.putObject({ ...object, Body: 'hello' })
 *   expect((await cos.getObject(object)).Body.toString()).toBe('hello')
 * })
 * ```
 * @example A store that keeps its data
 * ```ts
 * const store = await startLocalCos({ directory: './data/objects', secretId: 'id', secretKey: 'key', port: 3001 })
 * console.log(store.baseUrl)
 * await store.stop()
 * ```
 */
export async function startLocalCos(options: LocalCosOptions = {}): Promise<LocalCos> {
  const settings = resolveOptions(options)
  if (settings.directory !== null) return startIn(settings.directory, settings, async () => undefined)
  const memory = await makeMemoryDirectory()
  try {
    return await startIn(memory.path, settings, () => memory.remove())
  } catch (error) {
    await memory.remove()
    throw error
  }
}

/** @param stopped called when the store has ended all activity. */
async function startIn(
  directory: string,
  settings: ResolvedOptions,
  stopped: () => Promise<void>,
): Promise<LocalCos> {
  const storage = await Storage.open(directory, settings.maxBytes, settings.log)
  const createBucket = async (): Promise<void> => {
    if (storage.find(settings.bucket) !== undefined) return
    await storage.create(settings.bucket, {
      createdAt: settings.now(),
      cors: settings.cors === 'permissive' ? permissiveCors : null,
      lifecycle: null,
    })
  }
  await createBucket()
  const closing = new AbortController()
  // Every request delayed by a fault adds a listener, so Node.js must not warn about a leak.
  setMaxListeners(0, closing.signal)
  const faults = new Faults()
  const journal = new Journal(settings.journal)
  const recent = settings.page ? new RecentRequests() : undefined
  const runLifecycle = async (): Promise<Swept> => {
    const removed = { uploads: 0, objects: 0, versions: 0 }
    for (const bucket of storage.list()) {
      const { uploads, objects, versions } = await applyLifecycle(bucket, settings.now())
      removed.uploads += uploads
      removed.objects += objects
      removed.versions += versions
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
    recent,
    now: settings.now,
    log: settings.log,
    closing: closing.signal,
  })

  const adminToken = settings.faults ? await issueAdminToken(directory) : undefined
  const running = new Map<Promise<void>, Socket>()
  let resetting = Promise.resolve()
  const admin = { faults, journal, applyLifecycle: runLifecycle }
  const answerLocal = (request: IncomingMessage, response: ServerResponse): Promise<void> | undefined => {
    if (!isLocalCall(request)) return undefined
    if (adminToken !== undefined && (recent === undefined || isAdminCall(request))) {
      return answerAdmin(request, response, { ...admin, token: adminToken })
    }
    return recent && answerPage(request, response, { storage, recent, ...settings })
  }
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const answered = answerLocal(request, response) ?? handler.handle(request, response)
    running.set(answered, request.socket)
    void answered.finally(() => running.delete(answered))
  }
  const server = createStoreServer((request, response) => {
    void resetting.then(() => answer(request, response))
  })
  try {
    await listen(server, settings)
  } catch (error) {
    if (adminToken !== undefined) await withdrawAdminToken(directory)
    await storage.close()
    throw error
  }

  const lifecycle = setInterval(() => {
    runLifecycle().catch((error: unknown) =>
      settings.log({ message: 'lifecycle failed', error: String(error) }),
    )
  }, settings.lifecycleInterval)
  lifecycle.unref()

  const reset = async (): Promise<void> => {
    running.forEach((socket) => socket.destroy())
    await Promise.all(running.keys())
    await storage.clear()
    await createBucket()
    faults.clear()
    journal.clear()
    recent?.clear()
  }
  let closed: Promise<void> | undefined
  const end = async (): Promise<void> => {
    clearInterval(lifecycle)
    closing.abort()
    await resetting
    await stop(server)
    await Promise.all(running.keys())
    if (adminToken !== undefined) await withdrawAdminToken(directory)
    await storage.close()
    await stopped()
  }
  const close = (): Promise<void> => (closed ??= end())

  const { port } = server.address() as AddressInfo
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  const url = `http://${host}:${port}`
  return {
    url,
    port,
    baseUrl: `${url}/${settings.bucket}`,
    bucket: settings.bucket,
    region: settings.region,
    secretId: settings.secretId,
    secretKey: settings.secretKey,
    directory,
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
    reset: async () => {
      const done = resetting.then(reset)
      // Later requests wait for the reset, and proceed whether or not it succeeded.
      resetting = done.catch(() => undefined)
      await done
    },
    close,
    stop: close,
  }
}
