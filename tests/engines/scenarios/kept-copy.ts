import type { EnginePage } from '../page.js'

/** Milliseconds that a copy of the rest is waited for. */
const patience = 5_000

/**
 * Waits until the browser keeps a copy of all that is still to be sent of its only upload, or for {@link patience}:
 * a browser that cannot keep one has to be seen, too.
 */
export async function waitForCopy(page: EnginePage): Promise<void> {
  const deadline = Date.now() + patience
  while (Date.now() < deadline && (await page.tab.evaluate(`(${isWhole})()`)) !== true) {
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Runs in the page, on the database of `@carryon/client`. */
const isWhole = `async () => {
  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const database = await answer(indexedDB.open('carryon'))
  try {
    const sources = await answer(database.transaction('sources').objectStore('sources').getAll())
    return sources.length > 0 && sources.every(({ crcs }) => crcs !== undefined)
  } finally {
    database.close()
  }
}`
