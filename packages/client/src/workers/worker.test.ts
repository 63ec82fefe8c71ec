import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(globalThis, Symbol.for('carryon.worker'))
})

test('a script that is run twice in one worker does each job once', async () => {
  const addEventListener = vi.fn()
  const postMessage = vi.fn()
  vi.stubGlobal('addEventListener', addEventListener)
  vi.stubGlobal('postMessage', postMessage)
  await import('./worker.js')
  vi.resetModules()
  await import('./worker.js')
  expect(addEventListener).toHaveBeenCalledTimes(1)
  expect(postMessage.mock.calls).toEqual([[{ kind: 'ready' }]])
})
