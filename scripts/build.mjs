// `npm run build`: builds the packages into their dist folders, and the page into apps/web/dist.
import { build, buildComponents, ensureInstalled, requireNode, requirePath } from './workspace.mjs'

requireNode()
requirePath()
ensureInstalled()
build()
buildComponents()
