import { ensureBuilt } from '../../../scripts/workspace.mjs'

/** Builds once, before the first test, so that test files that run at the same time do not build over each other. */
export function setup(): void {
  ensureBuilt()
}
