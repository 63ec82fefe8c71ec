import { join } from 'node:path'
import { createServer, isLoopback, openDatabase } from '@carryon/server'
import type { Server, ServerOptions } from '@carryon/server'
import { authorizeOf } from './auth-config.js'
import type { Config } from './config.js'
import { hooksOf } from './hook-config.js'
import type { Storage } from './open-storage.js'

/**
 * Creates the server from the configuration. Every command uses this function, because all of them share one database.
 * @param more options that differ per command, such as the log
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
 * Hosts that the server answers for, besides those it allows by itself; `undefined`: all hosts. A server that listens only
 * on the loopback interface, without a proxy, is reached only by its own names. In other cases only the operator knows the
 * names.
 */
export function allowedHostsOf({
  allowedHosts,
  host,
  publicBaseUrl,
  trustProxy,
}: Config): readonly string[] | undefined {
  if (allowedHosts.length > 0) return allowedHosts
  const isLocal = isLoopback(host) && !trustProxy
  // An empty list also works with a public address: the server allows that host by itself.
  return isLocal || publicBaseUrl !== undefined ? [] : undefined
}
