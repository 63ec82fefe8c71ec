import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Product, startProduct } from '../browser/harness/product.js'
import { makeScratchFolder } from '../browser/harness/scratch-folder.js'
import { StoreAdmin } from '../browser/harness/store-admin.js'
import { makeTestFile } from '../browser/harness/test-file.js'
import { chromiumEngine } from './drivers/chromium.js'
import type { Engine } from './drivers/engine.js'
import { firefoxEngine } from './drivers/firefox.js'
import { webkitgtkEngine } from './drivers/webkitgtk.js'
import { deleted, edited, editedWhileOpen, killed } from './scenarios/killed.js'
import { networkLost, networkSilent } from './scenarios/network.js'
import { pausedOverRestart } from './scenarios/paused.js'
import { refreshed } from './scenarios/refreshed.js'
import type { Scenario } from './scenarios/scenario.js'
import { twoTabs } from './scenarios/two-tabs.js'
import { upload } from './scenarios/upload.js'

const engines = [chromiumEngine, firefoxEngine, webkitgtkEngine]
const scenarios = [
  upload,
  refreshed,
  killed,
  deleted,
  edited,
  editedWhileOpen,
  twoTabs,
  pausedOverRestart,
  networkLost,
  networkSilent,
]

let product: Product
let seed = Date.now()

beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.remove())

for (const engine of engines) {
  const reason = engine.whyMissing()
  describe(engine.label, () => {
    for (const scenario of scenarios) {
      test(scenario.name, async (context) => {
        context.skip(reason !== null, `skipped, for there is no ${engine.label}: ${String(reason)}`)
        context.onTestFailed(() => console.error(`carryon said:\n${product.output()}`))
        const t0 = Date.now()
        const outcome = await play(engine, scenario)
        console.log(engine.name, scenario.name, '=>', outcome, Date.now() - t0)
        expect(outcome).toBe(scenario.expected[engine.name])
      })
    }
  })
}

async function play(engine: Engine, scenario: Scenario): Promise<string> {
  const store = new StoreAdmin(product.storeUrl)
  await store.heal()
  const files = await makeScratchFolder('files')
  try {
    const browser = await engine.launch()
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
