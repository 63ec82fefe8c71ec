import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(globalThis, Symbol.for('carryon.worker'))
})

test('what goes wrong unexpectedly is told as what it is, and not as a matter of the network', async () => {
  const addEventListener = vi.fn()
  const postMessage = vi.fn()
  vi.stubGlobal('addEventListener', addEventListener)
  vi.stubGlobal('postMessage', postMessage)
  vi.stubGlobal('XMLHttpRequest', function () {
    throw new RangeError('Out of memory.')
  })
  vi.resetModules()
  await import('./worker.js')
  const [, listener] = addEventListener.mock.calls[0] as [string, (event: { data: unknown }) => void]
  const put = {
    kind: 'put',
    id: 5,
    url: 'x',
    headers: {},
    body: new Blob(['x']),
    digests: [],
    stallTimeout: 1,
  }
  listener({ data: put })
  await vi.waitFor(() => expect(postMessage).toHaveBeenCalledTimes(2))
  const failure = { kind: 'failed', id: 5, reason: 'internal', message: 'Out of memory.' }
  expect(postMessage).toHaveBeenLastCalledWith(failure)
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
