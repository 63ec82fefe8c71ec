import { expect, it } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useLeaveWarning } from './use-leave-warning.js'

/** Whether leaving the page asks for confirmation. */
function asks(target: EventTarget): boolean {
  const event = new Event('beforeunload', { cancelable: true })
  target.dispatchEvent(event)
  return event.defaultPrevented
}

it('asks only while something is active, and no longer once its scope has ended', async () => {
  const target = new EventTarget()
  const active = ref(false)
  const scope = effectScope()
  scope.run(() => useLeaveWarning(active, target))
  expect(asks(target)).toBe(false)
  active.value = true
  await nextTick()
  expect(asks(target)).toBe(true)
  active.value = false
  await nextTick()
  expect(asks(target)).toBe(false)
  active.value = true
  await nextTick()
  scope.stop()
  expect(asks(target)).toBe(false)
})
