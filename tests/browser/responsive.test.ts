import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { recordMainThread } from './harness/main-thread.js'
import { report } from './harness/measurements.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()

test('no task of the page blocks it for longer than 50 ms while it uploads', async ({ visitor, files }) => {
  const file = await files.make('responsive.bin', 384 * MiB)
  const uploads = await visitor.open()
  await uploads.page.waitForLoadState('networkidle')
  const tasks = await recordMainThread(uploads.page, async () => {
    await uploads.pick(file.path)
    await uploads.row(file.path).waitFor('done', 120_000)
  })
  const longest = (measure: (task: (typeof tasks)[number]) => number) => Math.max(...tasks.map(measure))
  await report('main-thread', {
    tasks: tasks.length,
    longestMs: longest(({ duration }) => duration),
    longestProcessorMs: longest(({ processorTime }) => processorTime),
    over50Ms: tasks.filter(({ duration }) => duration > 50).length,
  })
  expect(tasks.length).toBeGreaterThan(100)
  // CPU time, because on a busy machine any task can be interrupted for longer than it runs.
  expect(tasks.filter(({ processorTime }) => processorTime > 50)).toEqual([])
})
