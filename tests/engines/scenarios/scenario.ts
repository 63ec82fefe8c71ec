import type { Product } from '../../browser/harness/product.js'
import type { StoreAdmin } from '../../browser/harness/store-admin.js'
import type { TestFile } from '../../browser/harness/test-file.js'
import type { EngineBrowser } from '../drivers/engine.js'

/** What a scenario is played with: nothing is wrong with the store, and the person has not been here before. */
export interface Stage {
  readonly product: Product
  readonly store: StoreAdmin
  readonly browser: EngineBrowser
  /** A file on disk with content of its own, gone after the scenario. */
  readonly makeFile: (name: string, size: number) => Promise<TestFile>
}

/** One thing that happens to an upload, played the same in every engine. */
export interface Scenario {
  readonly name: string
  /** What the person gets, in a few words. Rejects when it is not what may be expected of any engine. */
  readonly play: (stage: Stage) => Promise<string>
}
