import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createUploader, httpBackend } from '@carryon/client'
import type { Uploader, UploaderOptions } from '@carryon/client'
import { startLocalCos } from '@carryon/local-cos'
import type { Counters } from '@carryon/local-cos'
import { createServer, cosStsIssuer, openDatabase } from '@carryon/server'
import { account } from '../services/account.js'
import { localCos } from '../services/backing.js'
import { storeAt } from '../services/store-seen-from.js'
import { RoundTrips } from './round-trips.js'

/** Calls and bytes that one or more uploads used. */
export interface Use {
  /** Calls of the server's API, by route. */
  readonly api: Readonly<Record<string, number>>
  /** Bytes of the API's request and answer bodies. */
  readonly apiBytes: number
  /** Requests at the store and its STS, by operation. */
  readonly store: Readonly<Record<string, number>>
  /** Body bytes that arrived as parts, objects and forms. */
  readonly sent: number
  /** Length of the longest chain of sequential calls from the server to store and STS. */
  readonly serverRoundTrips: number
}

export interface CountedProduct {
  /** A new uploader of the only owner, which shares no state with the other uploaders. */
  uploader(options?: Pick<UploaderOptions, 'clock'>): Uploader
  /** What was used since the last call of `use`. */
  use(): Use
  close(): Promise<void>
}

/** Starts the real client, server and store in this process, and counts everything that passes between them. */
export async function startCountedProduct(): Promise<CountedProduct> {
  const directory = await mkdtemp(join(tmpdir(), 'carryon-budget-'))
  const local = await startLocalCos({ directory: join(directory, 'objects'), ...account })
  let api: Record<string, number> = {}
  let apiBytes = 0
  let trips = new RoundTrips()

  const count = (call: () => Promise<unknown>): Promise<unknown> => trips.count(call)
  const sts = cosStsIssuer({ ...account, endpoint: local.url })
  const server = createServer({
    store: counted(storeAt(localCos, local.url), count),
    sts: counted(sts, count),
    database: openDatabase({ file: join(directory, 'carryon.sqlite') }),
    authorize: () => ({ owner: 'budget' }),
    sweepEvery: 0,
  })
  await server.ready()
  // Calls made at start-up do not count for an upload.
  trips = new RoundTrips()
  local.clearJournal()

  const backend = httpBackend('http://app.example.com/api', {
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const route = `${request.method} ${new URL(request.url).pathname.replace(/(uploads)\/(?!batch$)[^/]+/, '$1/:id')}`
      api[route] = (api[route] ?? 0) + 1
      apiBytes += typeof init?.body === 'string' ? Buffer.byteLength(init.body) : 0
      const answer = await server.fetch(request)
      const body = await answer.arrayBuffer()
      apiBytes += body.byteLength
      return new Response(body, answer)
    },
  })
  const uploaders: Uploader[] = []
  return {
    uploader(options = {}) {
      const uploader = createUploader({ backend, ...options })
      uploaders.push(uploader)
      return uploader
    },
    use() {
      const used: Use = {
        api,
        apiBytes,
        store: Object.fromEntries(
          Object.entries(local.counters).map(([operation, { requests }]) => [operation, requests]),
        ),
        sent: ['UploadPart', 'PutObject', 'PostObject']
          .map((operation) => receivedOf(local.counters, operation))
          .reduce((sum, bytes) => sum + bytes, 0),
        serverRoundTrips: trips.inSequence,
      }
      api = {}
      apiBytes = 0
      trips = new RoundTrips()
      local.clearJournal()
      return used
    },
    async close() {
      for (const uploader of uploaders) uploader.close()
      await server.close()
      await local.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function receivedOf(counters: Counters, operation: string): number {
  return counters[operation]?.received ?? 0
}

/** Wraps an object so that each asynchronous method call is counted, except `presign`, which sends no request. */
function counted<T extends object>(target: T, count: (call: () => Promise<unknown>) => Promise<unknown>): T {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function' || name === 'presign') return value
      const call = value.bind(target) as (...args: unknown[]) => unknown
      return (...args: unknown[]) => {
        const answer = call(...args)
        return answer instanceof Promise ? count(() => answer) : answer
      }
    },
  })
}
