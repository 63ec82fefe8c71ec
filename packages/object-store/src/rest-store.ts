import { bucketCalls } from './bucket-calls.js'
import type { StoreDialect } from './store-dialect.js'
import { multipartCalls } from './multipart-calls.js'
import { objectCalls } from './object-calls.js'
import type { ObjectStore } from './object-store.js'
import type { StoreCapabilities } from './store-description.js'
import { StoreChannel } from './store-channel.js'
import type { ChannelOptions } from './store-channel.js'

/** Options of every store over HTTP: its location and credentials. */
export interface StoreOptions extends ChannelOptions {
  /** Entries per page of a listing, 1 to 1 000. Default 1 000; tests page with 2. */
  readonly pageSize?: number
}

/**
 * The {@link ObjectStore} that all dialects share.
 *
 * @param capabilities of this store; usually those of the dialect
 */
export function createRestStore(
  named: StoreDialect,
  capabilities: StoreCapabilities,
  options: StoreOptions,
): ObjectStore {
  const dialect = { ...named, capabilities }
  const channel = new StoreChannel(dialect, options)
  const objects = objectCalls(channel, dialect)
  return {
    location: options.browserLocation ?? options.location,
    dialect,
    capabilities,
    ...multipartCalls(channel, dialect, {
      pageSize: options.pageSize ?? 1000,
      completeIdle: options.timeouts?.complete ?? 120_000,
      headObject: objects.headObject,
    }),
    ...objects,
    ...bucketCalls(channel),
    presign: (request) => channel.presign(request),
    presignForm: (request) => channel.presignForm(request),
  }
}
