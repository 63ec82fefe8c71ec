import type { Product } from '../../browser/harness/product.js'
import type { StoreAdmin } from '../../browser/harness/store-admin.js'
import type { TestFile } from '../../browser/harness/test-file.js'
import type { EngineBrowser, EngineName } from '../drivers/engine.js'

/** What a scenario is run with: a store without faults and a person who has not visited before. */
export interface Stage {
  readonly engine: EngineName
  readonly product: Product
  readonly store: StoreAdmin
  readonly browser: EngineBrowser
  /** Creates a file on disk with unique content, removed after the scenario. */
  readonly makeFile: (name: string, size: number) => Promise<TestFile>
}

/** One event in the life of an upload, run the same way in every engine. */
export interface Scenario {
  readonly name: string
  /** Wording of the event in the support table; without it the scenario has no row there. */
  readonly event?: string
  /** Known outcome in each engine. */
  readonly expected: Readonly<Record<EngineName, string>>
  /** Runs the scenario; resolves with the outcome in a few words. Rejects if the outcome is never acceptable. */
  readonly play: (stage: Stage) => Promise<string>
}

/** The same outcome in all three engines. */
export function everywhere(outcome: string): Readonly<Record<EngineName, string>> {
  return { chromium: outcome, firefox: outcome, webkitgtk: outcome }
}
