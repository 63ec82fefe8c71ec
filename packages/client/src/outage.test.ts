import { describe, expect, it } from 'vitest'
import { Outage } from './outage.js'
import type { Ticket } from './outage.js'
import { SimClock } from './testing/sim-clock.js'

function setUp(): { clock: SimClock; outage: Outage; signal: AbortSignal; admit: () => Promise<Ticket> } {
  const clock = new SimClock()
  const outage = new Outage(clock, () => 0.5)
  const { signal } = new AbortController()
  return { clock, outage, signal, admit: () => clock.run(outage.admit(signal)) }
}

describe('an outage', () => {
  it('holds nobody back while all is well', async () => {
    const { clock, admit } = setUp()
    await admit()
    await admit()
    expect(clock.now()).toBe(0)
  })

  it('counts requests that failed together once', async () => {
    const { outage, admit } = setUp()
    const tickets = [await admit(), await admit(), await admit()]
    for (const ticket of tickets) outage.failed(ticket, 'network')
    expect(outage.visible).toBe(null)
  })

  it('shows from the third failure in a row, as what the last one was', async () => {
    const { outage, admit } = setUp()
    for (const trouble of ['network', 'network', 'service'] as const) outage.failed(await admit(), trouble)
    expect(outage.visible).toBe('service')
  })

  it('does not count hours without a network as trouble of the service', async () => {
    const { clock, outage, admit } = setUp()
    for (let times = 0; times < 3; times++) outage.failed(await admit(), 'network')
    await clock.pass(5 * 3_600_000)
    outage.failed(await admit(), 'service')
    expect(outage.visible).toBe('service')
    expect(outage.lasting).toBe(0)
  })

  it('lets one request go at a time, to see whether it is over', async () => {
    const { clock, outage, signal, admit } = setUp()
    outage.failed(await admit(), 'network')
    const probe = await admit()
    let others = 0
    const waiting = [1, 2].map(() => outage.admit(signal).then(() => (others += 1)))
    await clock.pass(60_000)
    expect(others).toBe(0)
    outage.over(probe)
    await clock.run(Promise.all(waiting))
    expect(others).toBe(2)
    expect(outage.lasting).toBe(0)
  })

  it('lets the next one go when a probe ends without saying anything', async () => {
    const { outage, admit } = setUp()
    outage.failed(await admit(), 'network')
    outage.release(await admit())
    await expect(admit()).resolves.toBeDefined()
  })

  it('waits as long as the other side asks', async () => {
    const { clock, outage, admit } = setUp()
    outage.failed(await admit(), 'service', 90_000)
    await admit()
    expect(clock.now()).toBeGreaterThanOrEqual(90_000)
  })

  it('goes on at once after a hint that the network is back', async () => {
    const { clock, outage, signal, admit } = setUp()
    outage.failed(await admit(), 'network', 3_600_000)
    const next = outage.admit(signal)
    outage.hint()
    await clock.run(next)
    expect(clock.now()).toBe(0)
  })

  it('lets who waits go when aborted', async () => {
    const { clock, outage, admit } = setUp()
    outage.failed(await admit(), 'network')
    const controller = new AbortController()
    const waiting = outage.admit(controller.signal)
    controller.abort(new Error('Paused.'))
    await expect(clock.run(waiting)).rejects.toThrow('Paused.')
  })
})
