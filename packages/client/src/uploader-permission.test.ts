import { describe, expect, it } from 'vitest'
import { faultsFor } from './testing/sim-faults.js'
import { SimFile } from './testing/sim-file.js'
import { contentOf, SimWorld } from './testing/sim-world.js'

const partSize = 64

describe('permission', () => {
  it('never expires mid-upload: is renewed ahead of its end, once for all requests', async () => {
    const world = new SimWorld({ lifetime: 60, latency: 3000 })
    const file = new SimFile(contentOf(200 * partSize))
    const renewals: number[] = []
    world.nextFault = ({ what }) => {
      if (what === 'renewAccess') renewals.push(world.clock.now())
      return null
    }
    const { result, tab } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(tab.transport.sent.every(({ acknowledgedAt }) => acknowledgedAt !== null)).toBe(true)
    expect(renewals.length).toBeGreaterThanOrEqual(2)
    expect(renewals.length).toBeLessThanOrEqual(world.clock.now() / 40_000)
  })

  it.each(['ExpiredToken', 'AccessDenied', 'RequestTimeTooSkewed'])('is renewed after %s', async (code) => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(10 * partSize))
    world.nextFault = faultsFor('put', [
      { status: 403, code },
      { status: 403, code },
    ])
    const { result } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })

  it('that is refused however new fails the upload, naming the store', async () => {
    const world = new SimWorld()
    world.nextFault = ({ what }) => (what === 'put' ? { status: 403, code: 'AccessDenied' } : null)
    const upload = world.tab().uploader.upload(new SimFile(contentOf(10 * partSize)))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({
      code: 'store-denied',
      requestId: 'r1',
    })
  })

  it.each([-86_400_000, 86_400_000])(
    'lasts as long as it should with a clock that is %i ms wrong',
    async (skew) => {
      const world = new SimWorld({ lifetime: 600 })
      world.clock.skew = skew
      let renewals = 0
      world.nextFault = ({ what }) => {
        if (what === 'renewAccess') renewals += 1
        return null
      }
      const { result } = await world.upload(new SimFile(contentOf(20 * partSize)))
      expect(result.size).toBe(20 * partSize)
      expect(renewals).toBe(0)
    },
  )
})
