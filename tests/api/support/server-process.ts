import { serve } from '@hono/node-server'
import { serveSeparately } from './separate-server.js'

/** One of several servers that share a database and a store; prints `ready` when it listens on the given port. */
const [port = '', url = '', baseUrl = '', endpoint = '', secretId = '', secretKey = ''] =
  process.argv.slice(2)
const server = await serveSeparately([baseUrl, endpoint, secretId, secretKey], { url })
serve({ fetch: server.fetch, port: Number(port), hostname: '127.0.0.1' }, () => console.log('ready'))
