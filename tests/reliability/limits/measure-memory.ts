import { GiB, MiB } from '../../browser/harness/test-file.js'
import type { Finding } from '../report/reliability-page.js'
import { growthBound, growthNoise, type RendererMemory } from './renderer-memory.js'
import { uploadMemory } from './upload-memory.js'

const sizes = [2 * GiB, 8 * GiB] as const

/** Measures a renderer's memory for 2 GiB and for 8 GiB. */
export async function measureMemory(): Promise<Finding> {
  const small = await uploadMemory(sizes[0], 1_200_000)
  const large = await uploadMemory(sizes[1], 3_600_000)
  return {
    table: [
      ['file', 'renderer before, MiB', 'grew at most by', 'after', 'whole browser grew at most by'],
      row('2 GiB, sparse', small),
      row('8 GiB, sparse', large),
    ],
    notes: [
      `Anonymous and shared memory of the page's process, sampled every 100 ms. When garbage is collected is the ` +
        `browser's choice: growths within ${growthNoise / MiB} MiB count as equal.`,
    ],
    command: 'npm run reliability -- --only memory',
    failures: memoryFailures(small, large),
  }
}

/** Requirements that the memory of two uploads, the second of a larger file, did not meet. */
export function memoryFailures(small: RendererMemory, large: RendererMemory): readonly string[] {
  const [least, most] = [small.peak - small.before, large.peak - large.before]
  const beyond = [least, most].filter((growth) => growth >= growthBound)
  return [
    ...beyond.map((growth) => `the renderer grew by ${Math.round(growth / MiB)} MiB`),
    ...(most <= least + growthNoise
      ? []
      : [`it grew by ${Math.round((most - least) / MiB)} MiB more for the larger file`]),
  ]
}

function row(name: string, { before, peak, after, browserGrowth }: RendererMemory): readonly string[] {
  return [
    name,
    ...[before, peak - before, after, browserGrowth].map((bytes) => String(Math.round(bytes / MiB))),
  ]
}
