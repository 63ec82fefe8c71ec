import { join } from 'node:path'
import { test as base } from 'vitest'
import { type Chromium, type ChromiumOptions, launchChromium } from './chromium.js'
import { installProbe } from './page-probe.js'
import { type Product, startProduct } from './product.js'
import { cookieHeader } from './register.js'
import { makeScratchFolder } from './scratch-folder.js'
import { StoreAdmin } from './store-admin.js'
import { type TestFile, makeTestFile } from './test-file.js'
import { UploadPage } from './upload-page.js'

/** A person with a browser of their own, so an owner of their own. */
export interface Visitor {
  readonly chromium: Chromium
  /** Opens the page, in the browser's first tab. */
  open(): Promise<UploadPage>
  /** What identifies this person to the server. */
  cookie(): Promise<string>
}

/** Files on disk that are gone after the test. */
export interface Files {
  readonly folder: string
  /** `name` in the folder; the content follows from `seed`. */
  make(name: string, size: number, seed?: number): Promise<TestFile>
}

export interface EndToEnd {
  /** One for all tests of a file. */
  readonly product: Product
  /** The embedded store's side door; nothing is wrong with the store when a test begins. */
  readonly store: StoreAdmin
  /** Another person, until the test ends. */
  readonly arrive: (options?: ChromiumOptions) => Promise<Visitor>
  readonly visitor: Visitor
  readonly files: Files
}

type Environment = Readonly<Record<string, string>>

/**
 * A `test` whose cases have the started product, a person with a browser, and files to upload.
 * @param env Configuration of the product beside what the harness sets; asked for when the first case needs it.
 */
export function endToEnd(env: Environment | (() => Environment) = {}) {
  return base.extend<EndToEnd>({
    product: [
      // Vitest finds out from the pattern which other fixtures are needed.
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
