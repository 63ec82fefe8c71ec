import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { UploadPage } from '../../browser/harness/upload-page.js'
import { type PageTask, recordTasksSincePick } from './tasks-since-pick.js'

/** How the page handled many files picked at once. Milliseconds since the pick. */
export interface ManyFiles {
  /** Time until the first request to the application's server. */
  readonly firstRequestAfter: number
  /** Time until every file was in the list. */
  readonly acceptedAfter: number
  /** Time until the list showed some of them. */
  readonly shownAfter: number
  /** State of the first row of a full list at each reading. */
  readonly firstStates: readonly string[]
  readonly tasks: readonly PageTask[]
}

/** Writes `count` small files with different content. */
export async function makeManyFiles(folder: string, count: number): Promise<readonly string[]> {
  const paths = Array.from({ length: count }, (_, index) =>
    join(folder, `photo-${String(index + 1).padStart(5, '0')}.jpg`),
  )
  for (const path of paths) await writeFile(path, `${path} `.repeat(100))
  return paths
}

interface WatchedWindow extends Window {
  carryonPick?: {
    firstRequestAfter: number | null
    acceptedAfter: number | null
    shownAfter: number | null
    firstStates: string[]
  }
}

/** Picks the files, waits until all are listed and `done` of them are uploaded, and reports how the page performed. */
export async function pickMany(
  uploads: UploadPage,
  paths: readonly string[],
  done: number,
): Promise<ManyFiles> {
  const { page } = uploads
  await watchPick(page, paths.length)
  const tasks = await recordTasksSincePick(page, async () => {
    await uploads.pick(...paths)
    const summary = page.getByTestId('upload-summary')
    const deadline = Date.now() + 600_000
    for (;;) {
      const times = await page.evaluate(() => (window as WatchedWindow).carryonPick)
      const finished = Number((await summary.getAttribute('data-done')) ?? 0)
      if (times !== undefined && times.acceptedAfter !== null && finished >= done) return
      if (Date.now() > deadline) throw new Error(`The page stands at: ${await summary.innerText()}`)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  })
  const noted = await page.evaluate(() => (window as WatchedWindow).carryonPick)
  const { firstRequestAfter = null, acceptedAfter = null, shownAfter = null, firstStates = [] } = noted ?? {}
  if (firstRequestAfter === null || acceptedAfter === null || shownAfter === null) {
    throw new Error('Nothing was sent')
  }
  return { firstRequestAfter, acceptedAfter, shownAfter, firstStates, tasks }
}

async function watchPick(page: Page, files: number): Promise<void> {
  await page.evaluate((files) => {
    const noted: NonNullable<WatchedWindow['carryonPick']> = {
      firstRequestAfter: null,
      acceptedAfter: null,
      shownAfter: null,
      firstStates: [],
    }
    ;(window as WatchedWindow).carryonPick = noted
    const opened = new URL('/api/uploads/batch', location.href).href
    window.addEventListener(
      'change',
      () => {
        const pickedAt = performance.now()
        new PerformanceObserver((list) => {
          const request = list.getEntriesByName(opened)[0]
          if (request !== undefined) noted.firstRequestAfter ??= request.startTime - pickedAt
        }).observe({ type: 'resource' })
        const looking = setInterval(() => {
          const first = document.querySelector<HTMLElement>(
            '[data-testid="upload-row"]:not([data-state="done"])',
          )
          if (first !== null) noted.shownAfter ??= performance.now() - pickedAt
          // Not all files are drawn: the drawn rows carry the length of their list, and finished files have left it.
          const summary = document.querySelector<HTMLElement>('[data-testid="upload-summary"]')
          const listed = Number(first?.ariaSetSize ?? 0) + Number(summary?.dataset['done'] ?? 0)
          if (noted.acceptedAfter === null && listed < files) return
          noted.acceptedAfter ??= performance.now() - pickedAt
          const box = first?.getBoundingClientRect()
          const isOnScreen = box !== undefined && box.top >= 0 && box.bottom <= innerHeight
          noted.firstStates.push(isOnScreen ? (first?.dataset['state'] ?? '') : 'off the screen')
          // A few hundred readings are enough.
          if (noted.firstStates.length >= 200) clearInterval(looking)
        }, 50)
      },
      { capture: true, once: true },
    )
  }, files)
}
