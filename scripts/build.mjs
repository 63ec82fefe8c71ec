// `npm run build`: packages to their dist folders, the page to apps/web/dist.
import { build, buildComponents, ensureInstalled, requireNode, requirePath } from './workspace.mjs'

requireNode()
requirePath()
ensureInstalled()
build()
buildComponents()
