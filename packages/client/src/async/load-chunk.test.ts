import { afterEach, expect, test, vi } from 'vitest'
import { SimClock } from '../testing/sim-clock.js'
import { loadChunk } from './load-chunk.js'

afterEach(() => void vi.unstubAllGlobals())

/** A chunk that loads after `times` failures. */
function failing(times: number) {
  let asked = 0
  const load = (): Promise<string> =>
    asked++ < times
      ? Promise.reject(new TypeError('Failed to fetch dynamically imported module'))
      : Promise.resolve('code')
  return { load, asked: () => asked }
}

test('code that fails to load is asked for again, after a while', async () => {
  const clock = new SimClock()
  const { load, asked } = failing(3)
  expect(await clock.run(loadChunk(load, clock))).toBe('code')
  expect(asked()).toBe(4)
  expect(clock.now()).toBeGreaterThan(1_000)
})

test('code that is gone says that the page is to be loaded again', async () => {
  const clock = new SimClock()
  const { load } = failing(Infinity)
  await expect(clock.run(loadChunk(load, clock))).rejects.toMatchObject({
    name: 'TransportError',
    reason: 'outdated',
    message: expect.stringContaining('Reload the page; nothing is lost.') as unknown,
  })
  expect(clock.now()).toBeLessThan(15_000)
})

test('without a network code is not taken for gone', async () => {
  const clock = new SimClock()
  vi.stubGlobal('navigator', { onLine: false })
  const { load } = failing(100)
  expect(await clock.run(loadChunk(load, clock))).toBe('code')
})
