import { join } from 'node:path'
import { launchChromium } from '../../browser/harness/chromium.js'
import { startProduct } from '../../browser/harness/product.js'
import { type ScratchFolder, makeScratchFolder } from '../../browser/harness/scratch-folder.js'
import { GiB, makeTestFile } from '../../browser/harness/test-file.js'
import { UploadPage } from '../../browser/harness/upload-page.js'
import type { Finding } from '../report/reliability-page.js'
import { type ManyFiles, makeManyFiles, pickMany } from './many-files.js'
import { type PageTask, describeTasks, recordTasksSincePick } from './tasks-since-pick.js'

const count = 10_000
/** Files uploaded before the measurement ends; all would take minutes, with no other kind of work to come. */
const uploaded = 1_000

/** Measures whether the page stays responsive with many files and with a large one. */
export async function measureResponsiveness(): Promise<Finding> {
  const many = await withPage(async (uploads, { path }) =>
    pickMany(uploads, await makeManyFiles(path, count), uploaded),
  )
  const large = await withPage(oneLargeFile)
  const slow = [...many.tasks, ...large].filter(({ processorTime }) => processorTime > 50)
  return {
    table: [
      ['', 'tasks', 'longest, ms', 'of it processor', 'tasks over 50 ms', 'blocking time, ms'],
      row('10 000 files picked at once', many.tasks),
      row('one file of 2 GiB, to its end', large),
    ],
    notes: [timesOf(many), 'Blocking time: what tasks took beyond 50 ms each, summed up.'],
    command: 'npm run reliability -- --only responsiveness',
    failures: slow.map(({ at, processorTime }) => `a task of ${processorTime} ms after ${Math.round(at)} ms`),
  }
}

async function oneLargeFile(uploads: UploadPage, { path }: ScratchFolder): Promise<readonly PageTask[]> {
  const file = await makeTestFile(join(path, 'film.mkv'), 2 * GiB, 1)
  return recordTasksSincePick(uploads.page, async () => {
    await uploads.pick(file.path)
    await uploads.row(file.path).waitFor('done', 1_200_000)
  })
}

async function withPage<T>(measure: (uploads: UploadPage, folder: ScratchFolder) => Promise<T>): Promise<T> {
  const folder = await makeScratchFolder('files')
  const product = await startProduct()
  const chromium = await launchChromium()
  try {
    const uploads = await UploadPage.open(chromium.page, product.url)
    await uploads.page.waitForLoadState('networkidle')
    return await measure(uploads, folder)
  } finally {
    await chromium.remove()
    await product.remove()
    await folder.remove()
  }
}

function timesOf({ firstRequestAfter, acceptedAfter }: ManyFiles): string {
  return (
    `Of ${count} files the first was on its way to the server ${Math.round(firstRequestAfter)} ms after the pick; ` +
    `all were in the list after ${(acceptedAfter / 1000).toFixed(1)} s, while others were uploading.`
  )
}

function row(name: string, tasks: readonly PageTask[]): readonly string[] {
  const { longestTask, longestProcessorTime, over50ms, blockingTime } = describeTasks(tasks)
  return [name, ...[tasks.length, longestTask, longestProcessorTime, over50ms, blockingTime].map(whole)]
}

function whole(value: number): string {
  return String(Math.round(value))
}
