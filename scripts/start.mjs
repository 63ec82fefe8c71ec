// `npm start`: installs and builds what is missing, then runs `carryon serve` in this same process, so that signals
// sent to it reach the server.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt, ensureInstalled, requireNode, requirePath, root } from './workspace.mjs'

requireNode()
requirePath()
ensureInstalled()
ensureBuilt()
const entry = join(root, 'apps/carryon/dist/main.js')
process.argv = [process.execPath, entry, 'serve', ...process.argv.slice(2)]
await import(pathToFileURL(entry).href)
