import { join } from 'node:path'
import { createServer, isLoopback, openDatabase } from '@carryon/server'
import type { Server, ServerOptions } from '@carryon/server'
import { authorizeOf } from './auth-config.js'
import type { Config } from './config.js'
import { hooksOf } from './hook-config.js'
import type { Storage } from './open-storage.js'

/**
 * The server as it is configured. Every command makes it here: what one of them records in the database counts for all.
 * @param more how this command runs it, such as its log
 */
export function configuredServer(
  config: Config,
  { store, sts, buckets = {} }: Pick<Storage, 'store' | 'sts'> & Partial<Pick<Storage, 'buckets'>>,
  more: Pick<ServerOptions, 'log' | 'sweepEvery'>,
): Server {
  const { databaseUrl, publicUrlBase, publicBaseUrl } = config
  const allowedHosts = allowedHostsOf(config)
  return createServer({
    store,
    buckets: Object.fromEntries(Object.entries(buckets).map(([name, each]) => [name, each.store])),
    sts,
    database: openDatabase(
      databaseUrl === undefined ? { file: join(config.dataDir, 'carryon.sqlite') } : { url: databaseUrl },
    ),
    keyPrefix: config.uploadKeyPrefix,
    maxBytes: config.uploadMaxBytes,
    expireDays: config.uploadExpireDays,
    ...(config.retentionDays === undefined ? {} : { retentionDays: config.retentionDays }),
    shareDays: config.shareLinkDays,
    ...(publicUrlBase === undefined ? {} : { publicUrlBase }),
    ...(publicBaseUrl === undefined ? {} : { publicBaseUrl }),
    allowedOrigins: config.allowedOrigins,
    stsAllowPrefix: config.stsAllowPrefix,
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
    trustForwarded: config.trustProxy,
    limits: config.limits,
    authorize: authorizeOf(config.auth),
    ...hooksOf(config.hooks),
    ...more,
  })
}

/**
 * The hosts that this server answers for, `undefined` where it answers for all. A server that listens on the loopback alone is asked for by
 * its names, unless a proxy passes on what others asked for; elsewhere only the operator knows.
 */
export function allowedHostsOf({
  allowedHosts,
  host,
  publicBaseUrl,
  trustProxy,
}: Config): readonly string[] | undefined {
  if (allowedHosts.length > 0) return allowedHosts
  const isLocal = isLoopback(host) && !trustProxy
  // The name in the public address is allowed by itself.
  return isLocal || publicBaseUrl !== undefined ? [] : undefined
}
