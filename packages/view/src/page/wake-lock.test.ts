import { expect, it } from 'vitest'
import { keepAwake } from './wake-lock.js'

class FakePage extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible'

  turn(state: DocumentVisibilityState): void {
    this.visibilityState = state
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

class FakeLock {
  released = false

  async release(): Promise<void> {
    this.released = true
  }
}

/** Gives out locks like a browser, and releases them when the page is hidden. */
function start(refuse = false) {
  const page = new FakePage()
  const given: FakeLock[] = []
  const locks = {
    request: async () => {
      if (refuse) throw new DOMException('The battery is low.', 'NotAllowedError')
      const lock = new FakeLock()
      given.push(lock)
      return lock
    },
  }
  const stop = keepAwake(page, locks)
  const settle = async () => {
    for (let turns = 0; turns < 5; turns++) await Promise.resolve()
  }
  return { page, given, stop, settle, held: () => given.filter(({ released }) => !released).length }
}

it('keeps the screen awake until it is stopped', async () => {
  const { settle, held, stop } = start()
  await settle()
  expect(held()).toBe(1)
  stop()
  await settle()
  expect(held()).toBe(0)
})

it('releases a lock that is granted after it was stopped', async () => {
  const { given, settle, held, stop } = start()
  stop()
  await settle()
  expect(given).toHaveLength(1)
  expect(held()).toBe(0)
})

it('requests the lock again when the page is shown again, because the browser released it', async () => {
  const { page, given, settle, held } = start()
  await settle()
  given.forEach((lock) => (lock.released = true))
  page.turn('hidden')
  await settle()
  expect(held()).toBe(0)
  page.turn('visible')
  await settle()
  expect(held()).toBe(1)
})

it('works without a lock if the browser refuses one', async () => {
  const { settle, held } = start(true)
  await settle()
  expect(held()).toBe(0)
})
