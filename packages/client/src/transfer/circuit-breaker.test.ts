import { describe, expect, it } from 'vitest'
import { CircuitBreaker } from './circuit-breaker.js'
import type { BreakerPermit } from './circuit-breaker.js'
import { SimClock } from '../testing/sim-clock.js'

function setUp(): {
  clock: SimClock
  breaker: CircuitBreaker
  signal: AbortSignal
  admit: () => Promise<BreakerPermit>
} {
  const clock = new SimClock()
  const breaker = new CircuitBreaker(clock, () => 0.5)
  const { signal } = new AbortController()
  return { clock, breaker, signal, admit: () => clock.run(breaker.admit(signal)) }
}

describe('an open circuit breaker', () => {
  it('holds nobody back while all is well', async () => {
    const { clock, admit } = setUp()
    await admit()
    await admit()
    expect(clock.now()).toBe(0)
  })

  it('counts requests that failed together once', async () => {
    const { breaker, admit } = setUp()
    const permits = [await admit(), await admit(), await admit()]
    for (const breakerPermit of permits) breaker.failed(breakerPermit, 'network')
    expect(breaker.visible).toBe(null)
  })

  it('shows from the third failure in a row, as what the last one was', async () => {
    const { breaker, admit } = setUp()
    for (const trouble of ['network', 'network', 'service'] as const) breaker.failed(await admit(), trouble)
    expect(breaker.visible).toBe('service')
  })

  it('does not count hours without a network as trouble of the service', async () => {
    const { clock, breaker, admit } = setUp()
    for (let times = 0; times < 3; times++) breaker.failed(await admit(), 'network')
    await clock.pass(5 * 3_600_000)
    breaker.failed(await admit(), 'service')
    expect(breaker.visible).toBe('service')
    expect(breaker.lasting).toBe(0)
  })

  it('lets one request go at a time, to see whether it is over', async () => {
    const { clock, breaker, signal, admit } = setUp()
    breaker.failed(await admit(), 'network')
    const probe = await admit()
    let others = 0
    const waiting = [1, 2].map(() => breaker.admit(signal).then(() => (others += 1)))
    await clock.pass(60_000)
    expect(others).toBe(0)
    breaker.passed(probe)
    await clock.run(Promise.all(waiting))
    expect(others).toBe(2)
    expect(breaker.lasting).toBe(0)
  })

  it('lets the next one go when a probe ends without saying anything', async () => {
    const { breaker, admit } = setUp()
    breaker.failed(await admit(), 'network')
    breaker.release(await admit())
    await expect(admit()).resolves.toBeDefined()
  })

  it('waits as long as the other side asks', async () => {
    const { clock, breaker, admit } = setUp()
    breaker.failed(await admit(), 'service', 90_000)
    await admit()
    expect(clock.now()).toBeGreaterThanOrEqual(90_000)
  })

  it('goes on at once after a hint that the network is back', async () => {
    const { clock, breaker, signal, admit } = setUp()
    breaker.failed(await admit(), 'network', 3_600_000)
    const next = breaker.admit(signal)
    breaker.hint()
    await clock.run(next)
    expect(clock.now()).toBe(0)
  })

  it('lets who waits go when aborted', async () => {
    const { clock, breaker, admit } = setUp()
    breaker.failed(await admit(), 'network')
    const controller = new AbortController()
    const waiting = breaker.admit(controller.signal)
    controller.abort(new Error('Paused.'))
    await expect(clock.run(waiting)).rejects.toThrow('Paused.')
  })
})
