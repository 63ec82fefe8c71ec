import { expect } from 'vitest'
import { endToEnd } from '../browser/harness/end-to-end.js'
import { report } from '../browser/harness/measurements.js'
import { makeManyFiles, pickMany } from './limits/many-files.js'
import { describeTasks } from './limits/tasks-since-pick.js'

const test = endToEnd()

/** So many that the list of the finished has become a long one, and was replaced a few times on the way. */
const uploaded = 300

test('ten thousand files picked at once leave the page alive', async ({ visitor, files }) => {
  const paths = await makeManyFiles(files.folder, 10_000)
  const uploads = await visitor.open()
  await uploads.page.waitForLoadState('networkidle')
  const { tasks, firstStates, ...times } = await pickMany(uploads, paths, uploaded)
  await report('ten-thousand-files', { ...times, ...describeTasks(tasks) })
  // The list is regrouped once a second, so a row may stand first for a moment after it was done.
  const queued = firstStates.filter((state) => state === 'waiting' || state === 'off the screen')
  expect(firstStates.length).toBeGreaterThan(20)
  expect(queued.length).toBeLessThan(firstStates.length / 2)
  expect(tasks.length).toBeGreaterThan(100)
  // Reported against 50 ms; asserted above it, and in processor time, since a busy machine is slow and interrupts.
  expect(tasks.filter(({ processorTime, collecting }) => processorTime - collecting > 100)).toEqual([])
})
