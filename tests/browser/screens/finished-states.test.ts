import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDemoPages, type DemoPages } from './demo-page.js'
import { contextOf, looks, pictureName } from './looks.js'
import { takePicture, violations } from './picture.js'

/** Finished files in every state, on a fake uploader; screenshots are left in tests/output/screens for inspection. */

let demo: DemoPages

beforeAll(async () => {
  demo = await startDemoPages()
})
afterAll(() => demo.close())

describe.each(looks)('at $width px, $locale, $colorScheme', (look) => {
  let context: BrowserContext
  beforeAll(async () => {
    context = await contextOf(demo, look)
  })
  afterAll(() => context.close())

  const looksRight = async (page: Page, state: string) => {
    await takePicture(page, pictureName(`finished-${state}`, look))
    expect(await violations(page)).toEqual([])
  }

  test('with all that can be done with them', async () => {
    const page = await open(context, 'sharing')
    await looksRight(page, 'sharing')
    await page.close()
  })

  test('without the right to share', async () => {
    const page = await open(context, 'not-sharing')
    await looksRight(page, 'not-sharing')
    await page.close()
  })

  test('of a file that cannot be shared its row says to whom it opens', async () => {
    const words = async (scene: string): Promise<string> => {
      const page = await open(context, scene)
      const text = await page.getByTestId('upload-url-private').first().innerText()
      if (scene === 'signed-in-alone') await looksRight(page, scene)
      await page.close()
      return text
    }
    expect(await words('not-sharing')).toMatch(/in this browser$|此浏览器/u)
    expect(await words('signed-in-alone')).toMatch(/while you are signed in$|登录/u)
  })

  test('whoever is signed in has the list everywhere', async () => {
    const page = await open(context, 'signed-in')
    expect(await page.getByTestId('keeping').innerText()).not.toMatch(/signed in|登录/u)
    await looksRight(page, 'signed-in')
    await page.close()
  })

  test('a preview', async () => {
    const page = await open(context, 'sharing')
    const rectangle =
      '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><rect width="600" height="400" fill="teal"/></svg>'
    await page.route('**/object?inline=1', (route) =>
      route.fulfill({ contentType: 'image/svg+xml', body: rectangle }),
    )
    await page.getByTestId('upload-preview').nth(1).click()
    await page.getByTestId('preview').locator('img').waitFor()
    await looksRight(page, 'preview')
    await page.close()
  })
})

async function open(context: BrowserContext, scene: string): Promise<Page> {
  const page = await demo.open(context, scene)
  page.on('pageerror', (error) => expect.unreachable(String(error)))
  await page.getByTestId('finished-row').first().waitFor()
  return page
}
