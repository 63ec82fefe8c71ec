import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Product, startProduct } from '../browser/harness/product.js'
import { makeScratchFolder } from '../browser/harness/scratch-folder.js'
import { StoreAdmin } from '../browser/harness/store-admin.js'
import { makeTestFile } from '../browser/harness/test-file.js'
import { chromiumEngine } from './drivers/chromium.js'
import { firefoxEngine } from './drivers/firefox.js'
import { webkitgtkEngine } from './drivers/webkitgtk.js'
import { upload } from './scenarios/upload.js'

const engines = [chromiumEngine, firefoxEngine, webkitgtkEngine]
const scenarios = [upload]

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.remove())

describe.each(engines)('$label', (engine) => {
  test.each(scenarios)('$name', async (scenario) => {
    const store = new StoreAdmin(product.storeUrl)
    await store.heal()
    const files = await makeScratchFolder('files')
    let seed = Date.now()
    const t0 = Date.now()
    const browser = await engine.launch()
    console.log(engine.name, browser.version, Date.now() - t0)
    try {
      const outcome = await scenario.play({
        product,
        store,
        browser,
        makeFile: (name, size) => makeTestFile(join(files.path, name), size, seed++),
      })
      console.log(engine.name, outcome, Date.now() - t0)
      expect(outcome).toBe('works')
    } finally {
      await browser.remove()
      await files.remove()
    }
  })
})
