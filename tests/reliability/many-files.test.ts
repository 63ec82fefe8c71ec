import { expect } from 'vitest'
import { endToEnd } from '../browser/harness/end-to-end.js'
import { report } from '../browser/harness/measurements.js'
import { makeManyFiles, pickMany } from './limits/many-files.js'
import { describeTasks } from './limits/tasks-since-pick.js'

const test = endToEnd()

test('ten thousand files picked at once do not block the page for longer than 50 ms', async ({
  visitor,
  files,
}) => {
  const paths = await makeManyFiles(files.folder, 10_000)
  const uploads = await visitor.open()
  await uploads.page.waitForLoadState('networkidle')
  const { tasks, ...times } = await pickMany(uploads, paths, 50)
  await report('ten-thousand-files', { ...times, ...describeTasks(tasks) })
  expect(tasks.length).toBeGreaterThan(100)
  // Processor time, because on a busy machine any task can be interrupted for longer than it runs.
  expect(tasks.filter(({ processorTime }) => processorTime > 50)).toEqual([])
})
