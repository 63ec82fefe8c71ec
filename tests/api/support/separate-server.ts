import { createCosStore } from '@carryon/object-store'
import { cosStsIssuer, createServer, openDatabase, type Server } from '@carryon/server'

/** Where the embedded store is, as the tests hand it to a process of its own: the last four arguments. */
export type StoreArguments = readonly [baseUrl: string, endpoint: string, secretId: string, secretKey: string]

/** A server for the owner `anna` in a process of its own, on a store that others use as well. It is ready. */
export async function serveSeparately(
  [baseUrl, endpoint, secretId, secretKey]: StoreArguments,
  database: Parameters<typeof openDatabase>[0],
  options: Partial<Parameters<typeof createServer>[0]> = {},
): Promise<Server> {
  const [bucket = ''] = new URL(baseUrl).pathname.slice(1).split('/')
  const region = 'ap-guangzhou'
  const server = createServer({
    store: createCosStore({
      location: { dialect: 'cos', baseUrl, bucket, region },
      credentials: { accessKeyId: secretId, secretAccessKey: secretKey },
    }),
    sts: cosStsIssuer({ secretId, secretKey, region, endpoint }),
    database: openDatabase(database),
    authorize: () => ({ owner: 'anna' }),
    ...options,
  })
  await server.ready()
  return server
}
