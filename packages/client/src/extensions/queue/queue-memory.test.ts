import { expect, test } from 'vitest'
import { SimClock } from '../../testing/sim-clock.js'
import { SimFile } from '../../testing/sim-file.js'
import { simLocks } from '../../testing/sim-locks.js'
import { SimPicks } from '../../testing/sim-picks.js'
import { simHasher } from '../../testing/sim-hasher.js'
import { PickedFiles } from './picked-files.js'
import { Queue } from './queue.js'
import { QueueLocks } from './queue-locks.js'
import { QueueMemory } from './queue-memory.js'
import type { UploadSnapshot } from '../../upload-types.js'

test('a pick of hundreds of thousands of files is remembered', async () => {
  const picks = new SimPicks()
  const clock = new SimClock()
  const memory = new QueueMemory({
    store: picks,
    clock,
    locks: new QueueLocks(simLocks(), clock),
    queue: 'a',
    scope: '',
    keepsHandles: true,
    onForgetful: () => undefined,
  })
  const bytes = new Uint8Array()
  const count = 200_000
  await memory.picked(Array.from({ length: count }, () => new SimFile(bytes)))
  expect([...picks.picks.values()].reduce((sum, { files }) => sum + files.length, 0)).toBe(count)
})

test('a pick that comes while another is being noted hides neither of them', async () => {
  const picks = new SimPicks()
  const clock = new SimClock()
  // Each call of the clock finds that the task has lasted long enough.
  let now = 0
  const busy = { now: () => (now += 100), wallTime: () => 0, sleep: clock.sleep.bind(clock) }
  const memory = new QueueMemory({
    store: picks,
    clock: busy,
    locks: new QueueLocks(simLocks(), clock),
    queue: 'a',
    scope: '',
    keepsHandles: true,
    onForgetful: () => undefined,
  })
  const [many, one] = [20, 1].map((count) =>
    Array.from({ length: count }, () => new SimFile(new Uint8Array())),
  ) as [SimFile[], SimFile[]]
  const first = memory.picked(many)
  const second = memory.picked(one)
  const file = many.at(-1) as SimFile
  while (memory.noting !== null) await memory.noting
  memory.follow(
    { id: null, file, snapshot: { state: 'paused' } as UploadSnapshot, on: () => () => undefined },
    () => false,
    null,
  )
  await Promise.all([first, second])
  await memory.flush()
  expect([...picks.picks.values()].reduce((sum, { files }) => sum + files.length, 0)).toBe(21)
})

test('a queue that fails is told as forgetful, and fails nobody', async () => {
  const failing = new PickedFiles(() => Promise.reject(new Error('No code.')))
  await failing.tell(() => undefined)
  expect(failing.forgetful).toBe(true)
  const queue = new Queue({
    store: new SimPicks(),
    clock: new SimClock(),
    locks: simLocks(),
    hasher: simHasher,
    id: 'a',
    scope: '',
    limit: 0,
    others: () => 0,
    onForgetful: () => undefined,
    onCopied: () => undefined,
  })
  const picked = new PickedFiles(() => Promise.resolve(queue))
  await picked.tell(() => Promise.reject(new RangeError('Too many.')))
  expect(picked.forgetful).toBe(true)
})
