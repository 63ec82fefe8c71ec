import type { Product } from '../../browser/harness/product.js'
import type { StoreAdmin } from '../../browser/harness/store-admin.js'
import type { TestFile } from '../../browser/harness/test-file.js'
import type { EngineBrowser, EngineName } from '../drivers/engine.js'

/** What a scenario is played with: nothing is wrong with the store, and the person has not been here before. */
export interface Stage {
  readonly engine: EngineName
  readonly product: Product
  readonly store: StoreAdmin
  readonly browser: EngineBrowser
  /** A file on disk with content of its own, gone after the scenario. */
  readonly makeFile: (name: string, size: number) => Promise<TestFile>
}

/** One thing that happens to an upload, played the same in every engine. */
export interface Scenario {
  readonly name: string
  /** What happens, as the support table says it; without it the scenario is no row there. */
  readonly event?: string
  /** What the person is known to get in each engine. */
  readonly expected: Readonly<Record<EngineName, string>>
  /** What the person got, in a few words. Rejects when it is nothing that anybody should get. */
  readonly play: (stage: Stage) => Promise<string>
}

/** The same in all three. */
export function everywhere(outcome: string): Readonly<Record<EngineName, string>> {
  return { chromium: outcome, firefox: outcome, webkitgtk: outcome }
}
