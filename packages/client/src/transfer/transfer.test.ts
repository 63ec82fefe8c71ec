import { afterEach, expect, it, vi } from 'vitest'
import { SimFile } from '../testing/sim-file.js'
import { contentOf, SimWorld } from '../testing/sim-world.js'
import { RequestPool } from './request-pool.js'

afterEach(() => {
  vi.restoreAllMocks()
})

it('sends nothing with a permit that is to give way before its request has begun', async () => {
  const { acquire } = RequestPool.prototype
  let wentOut = 0
  vi.spyOn(RequestPool.prototype, 'acquire').mockImplementationOnce(async function (
    this: RequestPool,
    ...wanted
  ) {
    const permit = await acquire.apply(this, wanted)
    return { ...permit, yielded: AbortSignal.abort(), begun: () => void (wentOut += 1) }
  })
  const world = new SimWorld()
  const file = new SimFile(contentOf(20 * 64))
  const { result } = await world.upload(file)
  expect(wentOut).toBe(0)
  expect(world.holds(result.key, file.bytes)).toBe(true)
})
