import { join } from 'node:path'
import { cosLocation, createCosStore } from '@carryon/object-store'
import { cosStsIssuer, createServer, openDatabase, type Server, type ServerOptions } from '@carryon/server'
import { account, type StoreUnderTest } from './store-under-test.js'

/** Starts a server on this store, as an application would; its database is removed with the store. */
export async function startServer(
  store: StoreUnderTest,
  options: Partial<ServerOptions> = {},
): Promise<Server> {
  const { secretId, secretKey, bucket, region } = account
  const endpoint = `http://${store.address}`
  const server = createServer({
    store: createCosStore({
      location: cosLocation({ bucket, region, endpoint }),
      credentials: { accessKeyId: secretId, secretAccessKey: secretKey },
    }),
    sts: cosStsIssuer({ secretId, secretKey, region, endpoint }),
    database: openDatabase({ file: join(store.scratch, 'carryon.sqlite') }),
    sweepEvery: 0,
    ...options,
  })
  await server.ready()
  return server
}
