import { expect, test } from 'vitest'
import { report } from '../browser/harness/measurements.js'
import { GiB, MiB } from '../browser/harness/test-file.js'
import { memoryFailures } from './limits/measure-memory.js'
import { uploadMemory } from './limits/upload-memory.js'

test('the renderer grows by less than 100 MiB, and no more for a file of twice the size', async () => {
  const half = await uploadMemory(512 * MiB, 120_000)
  const whole = await uploadMemory(GiB, 240_000)
  await report('renderer-memory', { half, whole })
  expect(memoryFailures(half, whole)).toEqual([])
})
