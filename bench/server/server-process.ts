import { createServer, openDatabase } from '@carryon/server'
import pino from 'pino'
import { listen } from '../../apps/carryon/src/listen.js'
import { fakedStore, fakedSts } from './faked-store.js'

/**
 * One server process, like `carryon serve` but with a faked store and no page. Sends its port to its parent process.
 */
const [database = ''] = process.argv.slice(2)
const log = pino({ level: 'info' })
const server = createServer({
  store: fakedStore(),
  sts: fakedSts(),
  database: openDatabase(database.startsWith('postgres:') ? { url: database } : { file: database }),
  log: ({ severity, ...entry }) => log[severity](entry),
  sweepEvery: 0,
})
await server.ready()
const { port } = await listen(server.fetch, '127.0.0.1', 0)
process.send?.(port)
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.((user + system) / 1_000)
})
// Ends with its parent process.
process.once('disconnect', () => process.exit())
