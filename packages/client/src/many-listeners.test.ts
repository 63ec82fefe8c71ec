import { afterEach, beforeEach, expect, it } from 'vitest'
import { SimFile } from './testing/sim-file.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import { loaded } from './testing/watching.js'

/** Node prints a warning about a possible leak when a signal has more than ten listeners. */
const warnings: string[] = []
const hear = ({ name, message }: Error): void => void warnings.push(`${name}: ${message}`)
beforeEach(() => {
  warnings.length = 0
  process.on('warning', hear)
})
afterEach(() => {
  process.off('warning', hear)
})

/** Waits for a later turn, in which warnings are emitted. */
const told = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('is quiet about forty files at once, and a hundred parts, thirty-two at once', async () => {
  const world = new SimWorld({ rate: 1000 })
  const { uploader } = world.tab({ concurrency: 32, filesAtOnce: 40 })
  const files = Array.from(
    { length: 40 },
    (_, index) => new SimFile(contentOf(640, index + 1), `${index}.bin`),
  )
  const uploads = [new SimFile(contentOf(6400), 'large.bin'), ...files].map((file) => uploader.upload(file))
  await world.clock.run(Promise.all(uploads.map(({ done }) => done)))
  await told()
  expect(warnings).toEqual([])
})

it('is quiet about a hundred parts that are found and compared, and about ten equal files', async () => {
  const world = new SimWorld()
  const tab = world.tab({ concurrency: 32 })
  const before = tab.uploader.upload(new SimFile(contentOf(6400)))
  await world.until(() => loaded(before) >= 5000)
  tab.kill()
  const { uploader } = world.tab({ concurrency: 32, hashers: 8, onDuplicate: 'reuse' })
  const uploads = Array.from({ length: 12 }, () => uploader.upload(new SimFile(contentOf(6400))))
  await world.clock.run(Promise.all(uploads.map(({ done }) => done)))
  await told()
  expect(warnings).toEqual([])
})
