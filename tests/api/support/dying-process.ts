import { serve } from '@hono/node-server'
import { createCosStore } from '@carryon/object-store'
import { cosStsIssuer, createServer, openDatabase } from '@carryon/server'

/**
 * A server that is to be killed while its `onDone` runs, which never ends. Prints `listening` and then `onDone <delivery id>`,
 * one to a line.
 */
const [file = '', port = '', baseUrl = '', endpoint = '', secretId = '', secretKey = ''] =
  process.argv.slice(2)
const [bucket = ''] = new URL(baseUrl).pathname.slice(1).split('/')
const region = 'ap-guangzhou'
const server = createServer({
  store: createCosStore({
    location: { dialect: 'cos', baseUrl, bucket, region },
    credentials: { accessKeyId: secretId, secretAccessKey: secretKey },
  }),
  sts: cosStsIssuer({ secretId, secretKey, region, endpoint }),
  database: openDatabase({ file }),
  authorize: () => ({ owner: 'anna', context: { plan: 'pro' } }),
  onDone: ({ deliveryId }) => {
    console.log(`onDone ${deliveryId}`)
    return new Promise(() => undefined)
  },
  hookTimeout: 600_000,
})
await server.ready()
serve({ fetch: server.fetch, port: Number(port), hostname: '127.0.0.1' }, () => console.log('listening'))
