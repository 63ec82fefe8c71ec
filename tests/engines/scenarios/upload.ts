import { expect } from 'vitest'
import { readObject } from '../../browser/harness/stored-object.js'
import { MiB } from '../../browser/harness/test-file.js'
import { EnginePage } from '../page.js'
import type { Scenario } from './scenario.js'

export const upload: Scenario = {
  name: 'upload',
  async play({ product, browser, makeFile }) {
    const file = await makeFile('film.mkv', 96 * MiB)
    const page = await EnginePage.open(browser.tab, product.url)
    await page.pick(file.path)
    const { url } = await page.waitFor(file.path, 'done')
    const object = await readObject(String(url), await browser.cookie(product.url))
    expect(object.sha256).toBe(file.sha256)
    return 'works'
  },
}
