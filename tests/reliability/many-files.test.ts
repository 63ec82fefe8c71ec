import { expect } from 'vitest'
import { endToEnd } from '../browser/harness/end-to-end.js'
import { report } from '../browser/harness/measurements.js'
import { makeManyFiles, pickMany } from './limits/many-files.js'
import { describeTasks } from './limits/tasks-since-pick.js'

const test = endToEnd()

/** Enough that the list of finished files has become a long one and was replaced a few times meanwhile. */
const uploaded = 300

test('ten thousand files picked at once leave the page alive', async ({ visitor, files }) => {
  const paths = await makeManyFiles(files.folder, 10_000)
  const uploads = await visitor.open()
  await uploads.page.waitForLoadState('networkidle')
  const { tasks, firstStates, ...times } = await pickMany(uploads, paths, uploaded)
  await report('ten-thousand-files', { ...times, ...describeTasks(tasks) })
  // The list is regrouped once a second, so a finished row may remain first for a moment.
  const queued = firstStates.filter((state) => state === 'waiting' || state === 'off the screen')
  expect(firstStates.length).toBeGreaterThan(20)
  expect(queued.length).toBeLessThan(firstStates.length / 2)
  expect(tasks.length).toBeGreaterThan(100)
  // Reported relative to 50 ms; asserted with a higher limit and in CPU time, since a busy machine is slow and
  // interrupts tasks.
  expect(tasks.filter(({ processorTime, collecting }) => processorTime - collecting > 100)).toEqual([])
})
