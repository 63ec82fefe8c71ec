import { join } from 'node:path'
import { createServer, openDatabase } from '@carryon/server'
import type { Server, ServerOptions } from '@carryon/server'
import type { Config } from './config.js'
import type { Storage } from './open-storage.js'

/**
 * The server as it is configured. Every command makes it here: what one of them records in the register counts for all.
 * @param more how this command runs it, such as its log
 */
export function configuredServer(
  config: Config,
  { store, sts }: Pick<Storage, 'store' | 'sts'>,
  more: Pick<ServerOptions, 'log' | 'sweepEvery'>,
): Server {
  const { databaseUrl, publicUrlBase, publicBaseUrl } = config
  return createServer({
    store,
    sts,
    database: openDatabase(
      databaseUrl === undefined ? { file: join(config.dataDir, 'carryon.sqlite') } : { url: databaseUrl },
    ),
    keyPrefix: config.uploadKeyPrefix,
    maxBytes: config.uploadMaxBytes,
    expireDays: config.uploadExpireDays,
    ...(publicUrlBase === undefined ? {} : { publicUrlBase }),
    ...(publicBaseUrl === undefined ? {} : { publicBaseUrl }),
    allowedOrigins: config.allowedOrigins,
    stsAllowPrefix: config.stsAllowPrefix,
    trustForwarded: config.trustProxy,
    ...more,
  })
}
