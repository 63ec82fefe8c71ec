import { expect, test } from 'vitest'
import { report } from '../browser/harness/measurements.js'
import { GiB, MiB } from '../browser/harness/test-file.js'
import { uploadMemory } from './limits/upload-memory.js'

/** When garbage is collected is the browser's choice: between runs of one size the peak differs by so much. */
const noise = 32 * MiB

test('the renderer grows by less than 100 MiB, and no more for a file of twice the size', async () => {
  const half = await uploadMemory(512 * MiB, 120_000)
  const whole = await uploadMemory(GiB, 240_000)
  const growth = { half: half.peak - half.before, whole: whole.peak - whole.before }
  await report('renderer-memory', { half, whole })
  expect(growth.half).toBeLessThan(100 * MiB)
  expect(growth.whole).toBeLessThan(100 * MiB)
  expect(growth.whole).toBeLessThan(growth.half + noise)
})
