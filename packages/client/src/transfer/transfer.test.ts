import { firstGroup } from '@carryon/protocol'
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

it('waits for no URL once the first ones came: those of a group are asked for before the one before is sent', async () => {
  const latency = 50
  const file = new SimFile(contentOf(2_000 * 64))
  const world = new SimWorld({ mode: 'urls', grows: true, latency, rate: 64 * 20 })
  const asked: { readonly first: number; readonly at: number }[] = []
  const renew = world.server.renewAccess.bind(world.server)
  vi.spyOn(world.server, 'renewAccess').mockImplementation((id, partNumbers = []) => {
    asked.push({ first: Math.min(...partNumbers), at: world.clock.now() - latency })
    return renew(id, partNumbers)
  })
  const { tab } = await world.upload(file)
  const begun = new Map(
    tab.transport.sent.map(({ path, startedAt }) => [Number(path.split('/')[1]), startedAt]),
  )
  const later = asked.filter(({ first }) => first > firstGroup)
  expect(later.length).toBeGreaterThan(3)
  // Skip the first one: the line was not measured yet.
  for (const { first, at } of later.slice(1)) expect(at).toBeLessThanOrEqual(begun.get(first - 1) ?? 0)
})
