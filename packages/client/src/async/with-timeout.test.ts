import { expect, test } from 'vitest'
import { SimClock } from '../testing/sim-clock.js'
import { defaultTimeout, withTimeout } from './with-timeout.js'

const never = (): Promise<string> => new Promise(() => undefined)

test('answers what is answered in time, and waits no longer', async () => {
  const clock = new SimClock()
  const work = async (): Promise<string> => {
    await clock.sleep(900)
    return 'there'
  }
  expect(await clock.run(withTimeout(work, 'without', clock))).toBe('there')
  expect(clock.now()).toBe(900)
})

test('does without what never answers after a second', async () => {
  const clock = new SimClock()
  expect(await clock.run(withTimeout(never, 'without', clock))).toBe('without')
  expect(clock.now()).toBe(defaultTimeout)
})

test('does without what fails, at once', async () => {
  const clock = new SimClock()
  const failing = (): Promise<string> => Promise.reject(new Error('no'))
  expect(await clock.run(withTimeout(failing, 'without', clock))).toBe('without')
  expect(clock.now()).toBe(0)
})
