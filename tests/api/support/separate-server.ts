import { createCosStore } from '@carryon/object-store'
import { cosStsIssuer, createServer, openDatabase, type Server } from '@carryon/server'

/** The embedded store's address and keys, passed to a child process as its last four arguments. */
export type StoreArguments = readonly [baseUrl: string, endpoint: string, secretId: string, secretKey: string]

/** Starts a server for the owner `anna` in this process, on a store that others share. Resolves once ready. */
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
