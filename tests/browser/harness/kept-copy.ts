import type { Page } from 'playwright-core'

/** Waits until the page's browser keeps a whole copy of what is still to be sent of its only upload. */
export async function waitForCopy(page: Page): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await page.evaluate(isWhole))) {
    if (Date.now() <= deadline) continue
    const rows = await page.getByTestId('upload-row').allInnerTexts()
    throw new Error(`The browser has not kept a whole copy after a minute; the page says ${rows.join(' | ')}`)
  }
}

/** Runs in the page. */
async function isWhole(): Promise<boolean> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('carryon')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB cannot be opened'))
  })
  const sources = await new Promise<{ crcs?: unknown }[]>((resolve) => {
    const request = database.transaction('sources').objectStore('sources').getAll()
    request.onsuccess = () => resolve(request.result as { crcs?: unknown }[])
  })
  database.close()
  return sources.length > 0 && sources.every(({ crcs }) => crcs !== undefined)
}
