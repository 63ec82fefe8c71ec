import { join } from 'node:path'
import { test as base } from 'vitest'
import { type Chromium, type ChromiumOptions, launchChromium } from './chromium.js'
import { installProbe } from './page-probe.js'
import { type Product, startProduct } from './product.js'
import { cookieHeader } from './server-uploads.js'
import { makeScratchFolder } from './scratch-folder.js'
import { StoreAdmin } from './store-admin.js'
import { type TestFile, makeTestFile } from './test-file.js'
import { UploadPage } from './upload-page.js'

/** A person with their own browser, hence an owner of their own. */
export interface Visitor {
  readonly chromium: Chromium
  /** Opens the page in the browser's first tab. */
  open(): Promise<UploadPage>
  /** The cookie that identifies this person to the server. */
  cookie(): Promise<string>
}

/** Files on disk that are removed after the test. */
export interface Files {
  readonly folder: string
  /** Creates `name` in the folder; `seed` determines its content. */
  make(name: string, size: number, seed?: number): Promise<TestFile>
}

export interface EndToEnd {
  /** Shared by all tests of a file. */
  readonly product: Product
  /** The embedded store's test interface; no faults are set when a test begins. */
  readonly store: StoreAdmin
  /** Adds another person, until the test ends. */
  readonly arrive: (options?: ChromiumOptions) => Promise<Visitor>
  readonly visitor: Visitor
  readonly files: Files
}

type Environment = Readonly<Record<string, string>>

/**
 * A `test` whose cases have the started product, a person with a browser, and files to upload.
 *
 * @param env Additional configuration of the product; a function is called when the first case needs it.
 */
export function endToEnd(env: Environment | (() => Environment) = {}) {
  return base.extend<EndToEnd>({
    product: [
      // Vitest reads from the destructuring pattern which other fixtures are needed.
      async ({}, use) => {
        const product = await startProduct(typeof env === 'function' ? env() : env)
        await use(product)
        await product.remove()
      },
      { scope: 'file' },
    ],
    store: async ({ product }, use) => {
      const store = new StoreAdmin(product.storeUrl, join(product.dataDir, 'objects'))
      await store.heal()
      await use(store)
    },
    arrive: async ({ product, onTestFailed }, use) => {
      onTestFailed(() => console.error(`carryon said:\n${product.output()}`))
      const browsers: Chromium[] = []
      await use(async (options) => {
        const chromium = await launchChromium(options)
        browsers.push(chromium)
        await installProbe(chromium.context)
        return {
          chromium,
          open: () => UploadPage.open(chromium.page, product.url),
          cookie: () => cookieHeader(chromium.context, product.url),
        }
      })
      for (const chromium of browsers) await chromium.remove()
    },
    visitor: async ({ arrive }, use) => {
      await use(await arrive())
    },
    files: async ({}, use) => {
      const scratch = await makeScratchFolder('files')
      await use({
        folder: scratch.path,
        make: (name, size, seed = 1) => makeTestFile(join(scratch.path, name), size, seed),
      })
      await scratch.remove()
    },
  })
}
