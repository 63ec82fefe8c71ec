import { basename } from 'node:path'
import { expect } from 'vitest'
import { readObject } from '../../browser/harness/stored-object.js'
import { MiB, type TestFile } from '../../browser/harness/test-file.js'
import type { EnginePage } from '../page.js'
import { openPage } from './acts.js'
import { type Scenario, type Stage, everywhere } from './scenario.js'

const count = 10
/** Bytes; needs more than one request, so that files wait for their turn. */
const fileSize = 9 * MiB
/** Number of large files uploaded concurrently; the others wait. */
const atOnce = 3

export const queue: Scenario = {
  name: 'queue',
  event: 'Ten files are picked, and the page is refreshed while most of them wait',
  expected: everywhere('those that waited continue by themselves'),
  async play(stage) {
    const files: TestFile[] = []
    for (let index = 0; index < count; index += 1)
      files.push(await stage.makeFile(`film-${index}.mkv`, fileSize))
    const page = await openPage(stage)
    // Slow enough that no file is sent before it is copied.
    await stage.store.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond: MiB / 16 } })
    await page.pick(...files.map(({ path }) => path))
    // Each file finished meanwhile lets another one start.
    await page.until(
      'copies of all that wait',
      `(${countCopies})().then((copies) => copies >= ${count - atOnce} - (${countArrived})())`,
    )
    // A copy counts only once it was compared with its file, which is not visible from outside; leaving the page
    // earlier drops the copy.
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    await page.reload()
    await page.until(
      'unfinished rows',
      `document.querySelectorAll('[data-testid="unfinished-row"]').length >= ${count / 2 + atOnce}`,
    )
    const rows = (await page.tab.evaluate(`(${readRows})()`)) as readonly Row[]
    expect(rows.filter(({ state }) => state === 'queued').length).toBeGreaterThanOrEqual(count / 2)
    await stage.store.heal()
    // Files already under way may not have been copied far enough.
    const missing = rows.filter(({ needs }) => needs === 'file')
    const paths = files.map(({ path }) => path)
    const picked = paths.filter((path) => missing.some(({ name }) => name === basename(path)))
    if (picked.length > 0) await page.pick(...picked)
    for (const file of files) expect(await arrived(stage, page, file)).toBe(file.sha256)
    return missing.some(({ state }) => state === 'queued')
      ? 'the files are picked again, together'
      : 'those that waited continue by themselves'
  },
}

interface Row {
  readonly name: string
  readonly state: 'open' | 'queued'
  readonly needs: 'nothing' | 'permission' | 'file'
}

/** SHA-256 of the object, lower-case hex. */
async function arrived({ browser, product }: Stage, page: EnginePage, { path }: TestFile): Promise<string> {
  const { url } = await page.waitFor(path, 'done')
  return (await readObject(String(url), await browser.cookie(product.url))).sha256
}

/** Runs in the page. */
const readRows = `() => [...document.querySelectorAll('[data-testid="unfinished-row"]')].map(
  ({ dataset: { name, state, needs } }) => ({ name, state, needs }))`

/** Runs in the page. */
const countArrived = `() => document.querySelectorAll('[data-testid="upload-row"][data-state="done"]').length`

/** Runs in the page, on the database of \`@carryon/client\`. */
const countCopies = `async () => {
  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const database = await answer(indexedDB.open('carryon'))
  try {
    return await answer(database.transaction('pickCopies').objectStore('pickCopies').count())
  } finally {
    database.close()
  }
}`
