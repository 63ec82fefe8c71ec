import { join } from 'node:path'
import { expect, test } from 'vitest'
import { report } from '../browser/harness/measurements.js'
import { makeScratchFolder } from '../browser/harness/scratch-folder.js'
import { MiB, makeTestFile } from '../browser/harness/test-file.js'
import { planKills } from './kills/kill-plan.js'
import { uploadThroughKills } from './kills/killed-upload.js'
import { failuresOf } from './kills/measure-kills.js'

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

test(`one upload outlives kills of store, server and browser, twice each (SEED=${seed})`, async () => {
  const scratch = await makeScratchFolder('files')
  try {
    const file = await makeTestFile(join(scratch.path, 'film.mkv'), 256 * MiB, seed)
    // With six concurrent requests, the remaining 35 % takes nearly five seconds.
    const plan = planKills(seed, 2, 0.65)
    const upload = await uploadThroughKills({ file, plan, rate: 3 * MiB })
    await report('kills', { seed, milliseconds: upload.milliseconds, kills: upload.kills })

    expect(failuresOf(upload, file.sha256)).toEqual([])
  } finally {
    await scratch.remove()
  }
})
