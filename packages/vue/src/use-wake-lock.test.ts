import { expect, it } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useWakeLock } from './use-wake-lock.js'

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

/** Hands out locks as a browser does; it takes them back when the page is hidden. */
function start(refuse = false) {
  const page = new FakePage()
  const given: FakeLock[] = []
  const active = ref(false)
  const scope = effectScope()
  const locks = {
    request: async () => {
      if (refuse) throw new DOMException('The battery is low.', 'NotAllowedError')
      const lock = new FakeLock()
      given.push(lock)
      return lock
    },
  }
  scope.run(() => useWakeLock(active, page as unknown as Document, locks))
  const settle = async () => {
    for (let turns = 0; turns < 5; turns++) await nextTick()
  }
  return { page, given, active, scope, settle, held: () => given.filter(({ released }) => !released).length }
}

it('keeps the screen awake only while something is uploading', async () => {
  const { active, settle, held, scope } = start()
  await settle()
  expect(held()).toBe(0)
  active.value = true
  await settle()
  expect(held()).toBe(1)
  active.value = false
  await settle()
  expect(held()).toBe(0)
  active.value = true
  await settle()
  scope.stop()
  await settle()
  expect(held()).toBe(0)
})

it('asks again when the page is shown again, for the browser let go of it', async () => {
  const { page, given, active, settle, held } = start()
  active.value = true
  await settle()
  given.forEach((lock) => (lock.released = true))
  page.turn('hidden')
  await settle()
  expect(held()).toBe(0)
  page.turn('visible')
  await settle()
  expect(held()).toBe(1)
})

it('does without where it is refused', async () => {
  const { active, settle, held } = start(true)
  active.value = true
  await settle()
  expect(held()).toBe(0)
})
