import { serve } from '@hono/node-server'
import { serveSeparately } from './separate-server.js'

/** A server to be killed during its endless `onDone`. Prints the lines `listening` and then `onDone <delivery id>`. */
const [file = '', port = '', baseUrl = '', endpoint = '', secretId = '', secretKey = ''] =
  process.argv.slice(2)
const server = await serveSeparately(
  [baseUrl, endpoint, secretId, secretKey],
  { file },
  {
    authorize: () => ({ owner: 'anna', context: { plan: 'pro' } }),
    onDone: ({ deliveryId }) => {
      console.log(`onDone ${deliveryId}`)
      return new Promise(() => undefined)
    },
    hookTimeout: 600_000,
  },
)
serve({ fetch: server.fetch, port: Number(port), hostname: '127.0.0.1' }, () => console.log('listening'))
