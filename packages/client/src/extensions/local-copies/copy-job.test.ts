import { planParts } from '@carryon/protocol'
import { expect, it } from 'vitest'
import type { UploadedPart } from '../../transfer/uploaded-part.js'
import { SimClock } from '../../testing/sim-clock.js'
import { SimFile } from '../../testing/sim-file.js'
import { SimCopyStorage } from '../../testing/sim-copy-storage.js'
import { contentOf } from '../../testing/sim-world.js'
import type { RunContext } from '../../transfer/run-context.js'
import { ProgressMeter } from '../../core/progress.js'
import { CopyJob } from './copy-job.js'
import { LocalCopy } from './local-copy.js'
import { CopyQuota } from './copy-quota.js'

const partSize = 16
const parts = 1_000
const missing = 10

/** Uploaded parts that count how often they are iterated. */
class CountedParts extends Map<number, UploadedPart> {
  passes = 0;

  override [Symbol.iterator](): MapIterator<[number, UploadedPart]> {
    this.passes += 1
    return super[Symbol.iterator]()
  }
}

it('goes through the uploaded parts once for each block that it copies, and not for those that are acknowledged', async () => {
  const clock = new SimClock()
  const copyStorage = new SimCopyStorage()
  const file = new SimFile(contentOf(parts * partSize))
  const uploaded = new CountedParts()
  for (let partNumber = 1; partNumber <= parts - missing; partNumber++) {
    uploaded.set(partNumber, { size: partSize, etag: 'e', crc64: '1' })
  }
  const run = {
    file,
    plan: planParts(file.size, partSize),
    layout: { isSettled: true },
    upload: { partSize },
    meter: new ProgressMeter(file.size),
    uploaded,
    context: { clock, recheck: 'samples' },
  } as unknown as RunContext
  const cut = { size: file.size, blockSize: partSize }
  const copy = new LocalCopy({ identity: 'i', id: 'id', cut, crc64Type: 'crc64ecma' })
  // Already complete, because this test does not cover what follows the copying.
  copy.whole = true
  const quota = new CopyQuota(copyStorage, clock, Infinity)
  const events = { added: () => Promise.resolve(), whole: () => Promise.resolve() }
  const job = new CopyJob(copyStorage.blocks, clock, quota, run, copy, events)
  await clock.run(job.run(new AbortController().signal))
  expect(copy.present.size).toBe(missing)
  expect(uploaded.passes).toBeLessThanOrEqual(missing + 2)
})
