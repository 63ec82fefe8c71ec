import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../../scripts/workspace.mjs'
import { report } from '../browser/harness/measurements.js'
import { type Product, startProduct } from '../browser/harness/product.js'
import { makeScratchFolder } from '../browser/harness/scratch-folder.js'
import { StoreAdmin } from '../browser/harness/store-admin.js'
import { makeTestFile } from '../browser/harness/test-file.js'
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

const readme = join(root, 'README.md')
const marked = /(?<=<!-- support: [^\n]*-->\n)[\s\S]*?(?=<!-- end of support -->)/

let product: Product
let seed = Date.now()
const results: Result[] = []
const versions: Partial<Record<EngineName, string>> = {}

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
        const outcome = await play(engine, scenario)
        results.push({ engine: engine.name, scenario: scenario.name, outcome })
        expect(outcome).toBe(scenario.expected[engine.name])
      })
    }
  })
}

test("the README's support table is what this run showed", async (context) => {
  await report('engines', { versions, results })
  const complete = results.length === engines.length * scenarios.length
  context.skip(!complete, 'skipped, for not every scenario was played in every engine')
  const table = `\n${drawSupport(engines, scenarios, results)}\n`
  const text = await readFile(readme, 'utf8')
  if (process.env['CARRYON_DRAW'] !== undefined) {
    await writeFile(
      readme,
      text.replace(marked, () => table),
    )
  }
  const command = 'CARRYON_DRAW=1 npm run engines'
  expect(marked.exec(await readFile(readme, 'utf8'))?.[0], `Draw it anew: ${command}`).toBe(table)
})

async function play(engine: Engine, scenario: Scenario): Promise<string> {
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
