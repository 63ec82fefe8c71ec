import { join } from 'node:path'
import { pathBelow } from '@carryon/server'
import type { Logger } from 'pino'
import { localAddress } from './local-address.js'
import type { Config } from './config.js'
import { allowedHostsOf, configuredServer } from './configured-server.js'
import { prepareDataDirectory } from './data-directory.js'
import { listen } from './listen.js'
import { openStorage } from './open-storage.js'
import { createPage } from './page.js'
import { explainStartError } from './start-failure.js'

/** A running `carryon serve`. */
export interface Running {
  /** The page's address. */
  readonly url: string
  /** One sentence about the store and the data directory. */
  readonly summary: string
  /** Waits for running requests, then closes store and database. */
  close(): Promise<void>
}

const apiPath = /^\/(api(\/|$)|sts$|healthz$|metrics$)/
/** Milliseconds that running requests get at a graceful stop. */
const stopGrace = 10_000

/**
 * Starts the server, the page and, unless another store is configured, the embedded store in this process.
 * When a step fails, everything started before is stopped again.
 * @throws {StartError} when the data directory, a port or the store is unavailable.
 */
export async function serve(config: Config, log: Logger): Promise<Running> {
  const started: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const end of started.splice(0).reverse()) await end()
  }
  try {
    await prepareDataDirectory(config.dataDir)
    const storage = await openStorage(config, log)
    started.push(() => storage.close())

    const server = configuredServer(config, storage, {
      log: ({ severity, ...entry }) => log[severity](entry),
    })
    started.push(() => server.close())
    await server.ready()
    if (allowedHostsOf(config) === undefined) {
      log.warn('every Host is believed; set ALLOWED_HOSTS to the names by which this server is reached')
    }

    const basePath = new URL(config.publicBaseUrl ?? 'http://here').pathname.replace(/\/+$/u, '')
    const pathOf = pathBelow(basePath)
    const stores = [storage, ...Object.values(storage.buckets)].map(({ store }) => store)
    const storeOrigins = new Set(stores.map(({ location }) => new URL(location.baseUrl).origin))
    const page = createPage(join(import.meta.dirname, 'page'), [...storeOrigins], basePath)
    const http = await listen(
      (request, connection) =>
        apiPath.test(pathOf(request)) || !server.answersFor(request, connection)
          ? server.fetch(request, connection)
          : page.fetch(request),
      config.host,
      config.port,
      (why) => log.warn({ why }, 'a request was refused'),
    )
    started.push(() => http.close(stopGrace))
    const url = `${config.publicBaseUrl ?? localAddress(config.host, http.port)}/`
    return { url, summary: `${storage.summary}, data in ${config.dataDir}`, close }
  } catch (error) {
    await close()
    throw explainStartError(error, config)
  }
}
