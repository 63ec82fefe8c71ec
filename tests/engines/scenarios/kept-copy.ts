import type { EnginePage } from '../page.js'

/** Maximum time to wait for a local copy, milliseconds. */
const patience = 5_000

/**
 * Waits until the browser holds a local copy of everything its only upload still has to send, at most {@link
 * patience}: scenarios also cover browsers that cannot keep one.
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
