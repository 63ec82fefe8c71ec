import { serve } from '@hono/node-server'
import { createCosStore } from '@carryon/object-store'
import { cosStsIssuer, createServer, openDatabase } from '@carryon/server'

/** One server of several on one database and one store; prints `ready` when it listens on the port it was given. */
const [port = '', url = '', baseUrl = '', endpoint = '', secretId = '', secretKey = ''] =
  process.argv.slice(2)
const [bucket = ''] = new URL(baseUrl).pathname.slice(1).split('/')
const region = 'ap-guangzhou'
const server = createServer({
  store: createCosStore({
    location: { dialect: 'cos', baseUrl, bucket, region },
    credentials: { accessKeyId: secretId, secretAccessKey: secretKey },
  }),
  sts: cosStsIssuer({ secretId, secretKey, region, endpoint }),
  database: openDatabase({ url }),
  authorize: () => ({ owner: 'anna' }),
})
await server.ready()
serve({ fetch: server.fetch, port: Number(port), hostname: '127.0.0.1' }, () => console.log('ready'))
