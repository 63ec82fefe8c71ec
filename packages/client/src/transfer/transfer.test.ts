import { afterEach, expect, it, vi } from 'vitest'
import { SimFile } from '../testing/sim-file.js'
import { contentOf, SimWorld } from '../testing/sim-world.js'
import { RequestPool } from './request-pool.js'
import type { Permit } from './request-pool.js'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

it('sends nothing with a permit that is to give way before its request has begun', async () => {
  let wentOut = 0
  const permit: Permit = {
    yielded: AbortSignal.abort(),
    timeLeft: () => null,
    begun: () => void (wentOut += 1),
    acknowledged: () => undefined,
    release: () => undefined,
  }
  vi.spyOn(RequestPool.prototype, 'acquire').mockResolvedValueOnce(permit)
  const world = new SimWorld()
  const file = new SimFile(contentOf(20 * 64))
  const { result } = await world.upload(file)
  expect(wentOut).toBe(0)
  expect(world.holds(result.key, file.bytes)).toBe(true)
})

it('remembers no speed of the line from a tiny file', async () => {
  const told: string[] = []
  vi.stubGlobal('localStorage', {
    getItem: () => null,
    setItem: (_: string, value: string) => told.push(value),
  })
  const world = new SimWorld({ largestSingle: 1_000 })
  for (const size of [0, 200]) await world.upload(new SimFile(contentOf(size)))
  expect(told).toEqual([])
})

it('waits for no URL once the first ones came: those of the next parts are asked for ahead', async () => {
  const file = new SimFile(contentOf(2_000 * 64))
  const [byUrls, byCredentials] = await Promise.all(
    (['urls', 'credentials'] as const).map(async (mode) => {
      const world = new SimWorld({ mode, grows: true, latency: 50, rate: 64 * 20 })
      const { result } = await world.upload(file)
      expect(world.holds(result.key, file.bytes)).toBe(true)
      return world.clock.now()
    }),
  )
  expect((byUrls ?? Infinity) - (byCredentials ?? 0)).toBeLessThanOrEqual(100)
})
