import type { Page } from 'playwright-core'
import { storedFields } from './browser-database.js'

/** Waits until the page's browser holds a complete local copy of everything its only upload still has to send. */
export async function waitForCopy(page: Page): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await isWhole(page))) {
    if (Date.now() <= deadline) continue
    const rows = await page.getByTestId('upload-row').allInnerTexts()
    throw new Error(`The browser has not kept a whole copy after a minute; the page says ${rows.join(' | ')}`)
  }
}

async function isWhole(page: Page): Promise<boolean> {
  const sources = await storedFields(page, 'sources')
  return sources.length > 0 && sources.every((fields) => fields.includes('crcs'))
}
