import { ensureBuilt, ensureComponentsBuilt } from '../../../scripts/workspace.mjs'

/**
 * Builds once, before the first test, what the tests of published packages read. A build empties `dist` first, so a
 * test file that built for itself would take the files away from those that run at the same time.
 */
export function setup(): void {
  ensureBuilt()
  ensureComponentsBuilt()
}
