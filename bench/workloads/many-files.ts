import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchChromium } from '../../tests/browser/harness/chromium.js'
import { startProduct } from '../../tests/browser/harness/product.js'
import { UploadPage } from '../../tests/browser/harness/upload-page.js'
import { makeManyFiles, pickMany, type ManyFiles } from '../../tests/reliability/limits/many-files.js'
import { describeTasks } from '../../tests/reliability/limits/tasks-since-pick.js'
import { figure } from '../report/bar-chart.js'
import type { Workload } from './workload.js'

/** Numbers of files picked at once. */
const counts = [1_000, 10_000] as const
/** Number of uploaded files after which a round ends: by then the list of finished uploads is long, too. */
const uploaded = 300

/** Measures how soon many files are in the list, and whether the page stays responsive meanwhile. */
export const manyFiles: Workload = {
  name: 'many-files',
  title: 'Many files picked at once',
  inShort: true,
  description: () =>
    'The product as `carryon serve` starts it, and its page. Milliseconds since the page was told of the pick; the best of the rounds, for what else runs on the machine only adds to them. A task of the page’s main thread is told by its processor time, without what went into collecting garbage.',
  async measure({ rounds, say }) {
    const folder = await mkdtemp(join(tmpdir(), 'carryon-many-'))
    const product = await startProduct()
    const found = new Map<number, ManyFiles[]>()
    try {
      const paths = await makeManyFiles(folder, Math.max(...counts))
      for (let round = 0; round < rounds; round += 1) {
        for (const count of counts) {
          const many = await pickOnce(product.url, paths.slice(0, count))
          found.set(count, [...(found.get(count) ?? []), many])
          say(`${count} files: in the list after ${figure(many.acceptedAfter)} ms`)
        }
      }
    } finally {
      await product.remove()
      await rm(folder, { recursive: true, force: true })
    }
    const rows = [...found].map(([count, runs]) => [
      `${count} files`,
      ...[
        (many: ManyFiles) => many.acceptedAfter,
        (many: ManyFiles) => many.shownAfter,
        (many: ManyFiles) => many.firstRequestAfter,
        longestTask,
      ].map((of) => figure(Math.min(...runs.map(of)))),
    ])
    return {
      tables: [
        {
          columns: ['', 'all in the list, ms', 'rows shown, ms', 'first request, ms', 'longest task, ms'],
          rows,
        },
      ],
      chart: null,
      notes: [],
      runs: [],
    }
  },
}

async function pickOnce(url: string, paths: readonly string[]): Promise<ManyFiles> {
  const chromium = await launchChromium()
  try {
    const uploads = await UploadPage.open(chromium.page, url)
    await uploads.page.waitForLoadState('networkidle')
    return await pickMany(uploads, paths, uploaded)
  } finally {
    await chromium.remove()
  }
}

function longestTask({ tasks }: ManyFiles): number {
  return describeTasks(
    tasks.map((task) => ({ ...task, processorTime: task.processorTime - task.collecting })),
  ).longestProcessorTime
}
