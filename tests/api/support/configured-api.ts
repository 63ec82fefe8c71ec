import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import pino from 'pino'
import { readConfig } from '../../../apps/carryon/src/config.js'
import { configuredServer } from '../../../apps/carryon/src/configured-server.js'
import { openStorage, type Storage } from '../../../apps/carryon/src/open-storage.js'

/** The API of `carryon serve` with this environment, over a socket, without its page. */
export async function startConfigured(environment: Readonly<Record<string, string>>) {
  const config = readConfig(environment)
  const storage: Storage = await openStorage(config, pino({ enabled: false }))
  const server = configuredServer(config, storage, { sweepEvery: 0 })
  await server.ready()
  const http = createAdaptorServer({ fetch: server.fetch }) as HttpServer
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    server,
    storage,
    async close() {
      const closed = once(http, 'close')
      http.close()
      http.closeAllConnections()
      await closed
      await server.close()
      await storage.close()
    },
  }
}
