import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogEntry } from '../log-entry.js'
import { openDatabase } from '../repository/database.js'
import { createServer, type Server } from '../server.js'
import type { ServerOptions } from '../server-options.js'
import { ApiClient } from './api-client.js'
import { MemoryStore } from '@carryon/testing'
import { writeMigratedFile } from './migrated-file.js'

/** A server with a memory store, a real SQLite file and a clock that only tests advance. */
export interface TestServer {
  readonly store: MemoryStore
  readonly server: Server
  /** Client of the owner `anna`. */
  readonly api: ApiClient
  readonly log: LogEntry[]
  /** Path of the SQLite file. */
  readonly file: string
  /** Moves the clock. */
  advance(milliseconds: number): void
  /** Another server on the same database and the same store. */
  another(options?: Partial<ServerOptions>): Promise<Server>
  close(): Promise<void>
}

export const hour = 3_600_000
export const day = 24 * hour

export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'carryon-server-'))
  const file = join(directory, 'carryon.sqlite')
  await writeMigratedFile(file)
  let time = Date.parse('2026-11-22T12:00:00Z')
  const now = () => new Date(time)
  const store = new MemoryStore(now)
  const log: LogEntry[] = []
  const servers: Server[] = []

  const another = async (more: Partial<ServerOptions> = {}) => {
    const server = createServer({
      store,
      sts: null,
      database: openDatabase({ file }),
      authorize: (request) => ({ owner: request.headers.get('x-owner') ?? 'anna' }),
      sweepEvery: 0,
      log: (entry) => log.push(entry),
      now,
      ...options,
      ...more,
    })
    await server.ready()
    servers.push(server)
    return server
  }
  const server = await another()
  return {
    store,
    server,
    api: new ApiClient(server),
    log,
    file,
    advance: (milliseconds) => {
      time += milliseconds
    },
    another,
    close: async () => {
      for (const each of servers) await each.close()
      await rm(directory, { recursive: true })
    },
  }
}
