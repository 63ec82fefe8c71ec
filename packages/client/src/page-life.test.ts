import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SimFile } from './testing/sim-file.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import { loaded } from './testing/watching.js'

const partSize = 64
let page: EventTarget

beforeEach(() => {
  page = new EventTarget()
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
})
afterEach(() => {
  vi.unstubAllGlobals()
})

function turn(type: 'pagehide' | 'pageshow', persisted: boolean): void {
  page.dispatchEvent(Object.assign(new Event(type), { persisted }))
}

it('put aside by the browser, a page lets another tab have its upload, and takes it up when it is back', async () => {
  const world = new SimWorld({ latency: 200 })
  const file = new SimFile(contentOf(30 * partSize))
  const first = world.tab()
  const upload = first.uploader.upload(file)
  await world.until(() => loaded(upload) >= 6 * partSize)
  turn('pagehide', true)
  await world.clock.pass(60_000)
  expect(upload.snapshot.state).toBe('paused')
  expect(first.transport.inFlight).toBe(0)

  const second = world.tab()
  const other = second.uploader.upload(file)
  await world.until(() => other.snapshot.state === 'uploading')
  second.kill()
  expect(world.store.objects.size).toBe(0)
  turn('pageshow', true)
  const result = await world.clock.run(upload.done)
  expect(world.holds(result.key, file.bytes)).toBe(true)
})

it('leaves paused what somebody had paused', async () => {
  const world = new SimWorld({ latency: 200 })
  const upload = world.tab().uploader.upload(new SimFile(contentOf(30 * partSize)))
  await world.until(() => loaded(upload) >= 6 * partSize)
  upload.pause()
  turn('pagehide', true)
  turn('pageshow', true)
  await world.clock.pass(5_000)
  expect(upload.snapshot.state).toBe('paused')
})

it('does nothing when the page goes for good: all that matters is on disk', async () => {
  const world = new SimWorld({ latency: 200 })
  const upload = world.tab().uploader.upload(new SimFile(contentOf(30 * partSize)))
  await world.until(() => loaded(upload) >= 6 * partSize)
  turn('pagehide', false)
  expect(upload.snapshot.state).toBe('uploading')
})
