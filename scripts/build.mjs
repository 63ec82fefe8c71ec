// `npm run build`: packages to their dist folders, the page to apps/web/dist.
import { build, ensureInstalled, requireNode } from './workspace.mjs'

requireNode()
ensureInstalled()
build()
