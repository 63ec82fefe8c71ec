import { StoreClock } from '@carryon/object-store'
import { describe, expect, it } from 'vitest'
import { RenewableGrant } from './renewable-grant.js'
import { SimServer } from '../testing/sim-backend.js'
import { SimClock } from '../testing/sim-clock.js'
import { SimStore } from '../testing/sim-store.js'

const { signal } = new AbortController()
const parts = 300

function setUp(mode: 'credentials' | 'urls', lifetime = 600) {
  const clock = new SimClock()
  const store = new SimStore(() => clock.trueTime())
  const server = new SimServer(store, clock, { partSize: 1, lifetime, largestSingle: 0, mode, joinTime: 0 })
  const opened = server.open({ identity: 'i', name: 'a', size: parts, type: '' })
  const renewals: (readonly number[] | undefined)[] = []
  const grant = new RenewableGrant({
    upload: opened.upload,
    lastPart: () => parts,
    first: opened,
    takesForms: () => true,
    now: () => clock.now(),
    clock: new StoreClock(() => clock.wallTime()),
    signal,
    renew: async (partNumbers) => {
      renewals.push(partNumbers)
      await clock.sleep(100)
      return server.renewAccess(opened.upload.id, partNumbers)
    },
    createSigner: () => async () => ({ method: 'PUT', url: 'sim://store', headers: {} }),
  })
  const sign = (partNumber = 1) => clock.run(grant.sign(partNumber, 1, signal))
  return { clock, grant, renewals, sign }
}

describe('a permission', () => {
  it('is renewed in the background before its end, and nobody waits for it', async () => {
    const { clock, renewals, sign } = setUp('credentials')
    await clock.pass(500_000)
    const before = clock.now()
    expect((await sign()).generation).toBe(1)
    expect(clock.now()).toBe(before)
    await clock.pass(200)
    expect((await sign()).generation).toBe(2)
    expect(renewals.length).toBe(1)
  })

  it('that has ended is never signed with, and asked for once by all who need it', async () => {
    const { clock, grant, renewals } = setUp('credentials')
    await clock.pass(700_000)
    const signing = [1, 2, 3, 4, 5, 6].map((partNumber) => grant.sign(partNumber, 1, signal))
    const signed = await clock.run(Promise.all(signing))
    expect(signed.map(({ generation }) => generation)).toEqual([2, 2, 2, 2, 2, 2])
    expect(renewals.length).toBe(1)
  })

  it('counts how many were refused in a row, and late refusals of an old one not', async () => {
    const { grant, sign } = setUp('credentials')
    const first = await sign()
    for (let generation = 1; generation <= 4; generation++) {
      const { generation: used } = await sign()
      expect(used).toBe(generation)
      expect(grant.refused(used)).toBe(generation)
      expect(grant.refused(first.generation - 1)).toBe(generation)
    }
  })

  it('that is refused to all requests at once was refused once', async () => {
    const { grant, sign } = setUp('credentials')
    for (let times = 1; times <= 4; times++) {
      const { generation } = await sign()
      for (let request = 0; request < 6; request++) expect(grant.refused(generation)).toBe(times)
    }
  })

  it('forgets earlier refusals once the store accepts one', async () => {
    const { grant, sign } = setUp('credentials')
    for (let count = 0; count < 20; count++) {
      expect(grant.refused((await sign()).generation)).toBe((count % 4) + 1)
      if (count % 4 === 3) grant.accepted()
    }
  })

  it('by URLs never reuses one that was refused or has ended', async () => {
    const { clock, grant, sign } = setUp('urls')
    const first = await sign()
    grant.refused(first.generation)
    const second = await sign()
    expect(second.url).not.toBe(first.url)
    await clock.pass(700_000)
    expect((await sign()).url).not.toBe(second.url)
  })

  it('by URLs is fetched for a hundred parts at once, up to the last', async () => {
    const { renewals, sign } = setUp('urls')
    for (let partNumber = 2; partNumber <= parts; partNumber++) await sign(partNumber)
    expect(renewals.map((batch) => batch?.length)).toEqual([100, 100, 99])
  })

  it('by URLs is asked for with all parts that wait, not only with the one that asks', async () => {
    const { clock, grant, renewals } = setUp('urls')
    await clock.pass(700_000)
    const first = grant.sign(200, 1, signal)
    await clock.pass(50)
    const second = grant.sign(100, 1, signal)
    const third = grant.sign(2, 1, signal)
    await clock.run(Promise.all([first, second, third]))
    expect(renewals.map((batch) => batch?.slice(0, 3))).toEqual([
      [200, 201, 202],
      [100, 2, 101],
    ])
  })
})
