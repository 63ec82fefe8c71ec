import { join } from 'node:path'
import { StartError as LocalStoreStartError, startLocalCos } from '@carryon/local-cos'
import type { LocalCos, LocalCosOptions } from '@carryon/local-cos'
import { cosLocation, createCosStore } from '@carryon/object-store'
import type { ObjectStore } from '@carryon/object-store'
import { cosStsIssuer, createServer, openDatabase } from '@carryon/server'
import type { StsIssuer } from '@carryon/server'
import type { Logger } from 'pino'
import type { Config } from './config.js'
import { prepareDataDirectory } from './data-directory.js'
import { listen } from './listen.js'
import { localSecrets } from './local-secrets.js'
import { createPage } from './page.js'
import { StartError } from './start-error.js'

/** A running `carryon serve`. */
export interface Running {
  /** The page's address. */
  readonly url: string
  /** One sentence that says where things are. */
  readonly summary: string
  /** Ends requests under way, then store and database. */
  close(): Promise<void>
}

const apiPath = /^\/(api(\/|$)|sts$|healthz$|metrics$)/
/** Milliseconds that requests under way get at a graceful stop. */
const stopGrace = 10_000

/**
 * Starts server, page and, unless another store is configured, the embedded store in this process.
 * Whatever was started is ended again when a later step fails.
 * @throws {StartError} when the data directory, a port or the store cannot be had.
 */
export async function serve(config: Config, log: Logger): Promise<Running> {
  const started: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const end of started.splice(0).reverse()) await end()
  }
  try {
    await prepareDataDirectory(config.dataDir)
    const storage = await openStore(config, log, started)

    const { databaseUrl } = config
    const database = openDatabase(
      databaseUrl === undefined ? { file: join(config.dataDir, 'carryon.sqlite') } : { url: databaseUrl },
    )
    const server = createServer({
      store: storage.store,
      sts: storage.sts,
      database,
      keyPrefix: config.uploadKeyPrefix,
      maxBytes: config.uploadMaxBytes,
      expireDays: config.uploadExpireDays,
      ...(config.publicUrlBase === undefined ? {} : { publicUrlBase: config.publicUrlBase }),
      allowedOrigins: config.allowedOrigins,
      stsAllowPrefix: config.stsAllowPrefix,
      log: ({ severity, ...entry }) => log[severity](entry),
    })
    started.push(() => server.close())
    await server.ready()

    const page = createPage(join(import.meta.dirname, 'page'), [
      new URL(storage.store.location.baseUrl).origin,
    ])
    const http = await listen(
      (request) =>
        apiPath.test(new URL(request.url).pathname) ? server.fetch(request) : page.fetch(request),
      config.host,
      config.port,
    )
    started.push(() => http.close(stopGrace))
    const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${http.port}/`
    return { url, summary: `${storage.summary}, data in ${config.dataDir}`, close }
  } catch (error) {
    await close()
    throw error
  }
}

interface Storage {
  readonly store: ObjectStore
  readonly sts: StsIssuer | null
  readonly summary: string
}

async function openStore(config: Config, log: Logger, started: (() => Promise<unknown>)[]): Promise<Storage> {
  const { store: wanted } = config
  if (wanted.kind === 'cos') {
    const { bucket, region, secretId, secretKey, endpoint } = wanted
    const location = cosLocation({ bucket, region, ...(endpoint === undefined ? {} : { endpoint }) })
    return {
      store: createCosStore({ location, credentials: { accessKeyId: secretId, secretAccessKey: secretKey } }),
      sts: cosStsIssuer({
        secretId,
        secretKey,
        region,
        ...(config.stsEndpoint === undefined ? {} : { endpoint: config.stsEndpoint }),
      }),
      summary: `bucket ${bucket} in ${region}`,
    }
  }
  const secrets =
    wanted.secretId !== undefined && wanted.secretKey !== undefined
      ? { secretId: wanted.secretId, secretKey: wanted.secretKey }
      : await localSecrets(config.dataDir)
  const local = await startStore({
    directory: join(config.dataDir, 'objects'),
    host: config.host,
    port: wanted.port,
    ...secrets,
    bucket: wanted.bucket,
    region: wanted.region,
    faults: wanted.faults,
    journal: wanted.faults,
    log: (line) => log.debug(line),
  })
  started.push(() => local.close())
  return {
    store: createCosStore({
      location: { dialect: 'cos', baseUrl: local.baseUrl, bucket: wanted.bucket, region: wanted.region },
      credentials: { accessKeyId: secrets.secretId, secretAccessKey: secrets.secretKey },
    }),
    sts: cosStsIssuer({ ...secrets, region: wanted.region, endpoint: config.stsEndpoint ?? local.url }),
    summary: `embedded store on ${local.url}`,
  }
}

async function startStore(options: LocalCosOptions): Promise<LocalCos> {
  try {
    return await startLocalCos(options)
  } catch (error) {
    if (!(error instanceof LocalStoreStartError)) throw error
    const hint = error.code === 'PORT_TAKEN' ? ' Set LOCAL_STORE_PORT to another one.' : ''
    throw new StartError(`The embedded store did not start. ${error.message}${hint}`, error)
  }
}
