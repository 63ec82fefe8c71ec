import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { TestContext } from 'vitest'
import { report } from '../browser/harness/measurements.js'
import { type Product, startProduct } from '../browser/harness/product.js'
import { makeScratchFolder } from '../browser/harness/scratch-folder.js'
import { StoreAdmin } from '../browser/harness/store-admin.js'
import { makeTestFile } from '../browser/harness/test-file.js'
import { expectDrawn } from '../support/drawn.js'
import { chromiumEngine } from './drivers/chromium.js'
import type { Engine, EngineName } from './drivers/engine.js'
import { firefoxEngine } from './drivers/firefox.js'
import { webkitgtkEngine } from './drivers/webkitgtk.js'
import { deleted, edited, editedWhileOpen, killed } from './scenarios/killed.js'
import { networkLost, networkSilent } from './scenarios/network.js'
import { pausedOverRestart } from './scenarios/paused.js'
import { photos } from './scenarios/photos.js'
import { queue } from './scenarios/queue.js'
import { refreshed } from './scenarios/refreshed.js'
import { screens } from './scenarios/screens.js'
import type { Scenario } from './scenarios/scenario.js'
import { twoTabs } from './scenarios/two-tabs.js'
import { upload } from './scenarios/upload.js'
import { type Result, drawSupport } from './support-table.js'

const engines = [chromiumEngine, firefoxEngine, webkitgtkEngine]
const scenarios = [
  upload,
  photos,
  refreshed,
  queue,
  killed,
  deleted,
  edited,
  editedWhileOpen,
  twoTabs,
  pausedOverRestart,
  networkLost,
  networkSilent,
  screens,
]

/** One product for each engine, because a fault set on a store affects everyone using that store. */
let products: Readonly<Record<EngineName, Product>>
let seed = Date.now()
const results: Result[] = []
const versions: Partial<Record<EngineName, string>> = {}

beforeAll(async () => {
  const [chromium, firefox, webkitgtk] = await Promise.all([startProduct(), startProduct(), startProduct()])
  products = { chromium, firefox, webkitgtk }
})
afterAll(() => Promise.all(Object.values(products).map((product) => product.remove())))

for (const scenario of scenarios) {
  // Mostly waiting, so the engines run concurrently.
  describe(scenario.name, () => {
    for (const engine of engines) {
      test.concurrent(engine.label, (context) =>
        playAndExpect(context, engine, scenario, products[engine.name]),
      )
    }
  })
}

test("the README's support table is what this run showed", async (context) => {
  await report('engines', { versions, results })
  const complete = results.length === engines.length * scenarios.length
  context.skip(!complete, 'skipped, for not every scenario was played in every engine')
  const table = `\n${drawSupport(engines, scenarios, results)}\n`
  expectDrawn('README.md', 'support', table, 'npm run engines')
})

async function playAndExpect(
  context: TestContext,
  engine: Engine,
  scenario: Scenario,
  on: Product,
): Promise<void> {
  const reason = engine.whyMissing()
  context.skip(reason !== null, `skipped, for there is no ${engine.label}: ${String(reason)}`)
  context.onTestFailed(() => console.error(`carryon said:\n${on.output()}`))
  const outcome = await play(engine, scenario, on)
  results.push({ engine: engine.name, scenario: scenario.name, outcome })
  context.expect(outcome).toBe(scenario.expected[engine.name])
}

async function play(engine: Engine, scenario: Scenario, product: Product): Promise<string> {
  const store = new StoreAdmin(product.storeUrl, join(product.dataDir, 'objects'))
  await store.heal()
  const files = await makeScratchFolder('files')
  try {
    const browser = await engine.launch()
    versions[engine.name] = browser.version
    try {
      return await scenario.play({
        engine: engine.name,
        product,
        store,
        browser,
        makeFile: (name, size) => makeTestFile(join(files.path, name), size, seed++),
      })
    } finally {
      await browser.remove()
    }
  } finally {
    await files.remove()
  }
}
