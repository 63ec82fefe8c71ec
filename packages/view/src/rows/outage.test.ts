import { UploadError, type UploadSnapshot } from '@carryon/client'
import { expect, it } from 'vitest'
import { createFakeUpload, type Shown } from '../testing/fake-upload.js'
import { createOutageWatch, outageOf } from './outage.js'

class ServerSilence extends Error {
  override readonly name = 'BackendError'
}

function snapshot(shown: Shown): UploadSnapshot {
  const upload = createFakeUpload({ name: 'a', size: 10, type: '' }, 'a')
  upload.show(shown)
  return upload.snapshot
}
const network = (cause?: Error): Shown => ({
  state: 'waiting',
  waitReason: 'network',
  lastError: new UploadError('network', 'No answer.', { cause }),
})
const service = (code: 'store-unavailable' | 'server-error'): Shown => ({
  state: 'waiting',
  waitReason: 'service',
  lastError: new UploadError(code, 'No answer.'),
})
const online = () => true

it('tells what does not answer: network, server or store', () => {
  expect(outageOf(snapshot(network()), () => false)).toBe('offline')
  expect(outageOf(snapshot(network()), online)).toBe('network')
  expect(outageOf(snapshot(network(new ServerSilence())), online)).toBe('server')
  expect(outageOf(snapshot(service('server-error')), online)).toBe('server')
  expect(outageOf(snapshot(service('store-unavailable')), online)).toBe('storage')
  expect(outageOf(snapshot({ state: 'waiting', waitReason: 'store-unreachable' }), online)).toBe('storage')
})

it('is null for queued uploads and for uploads that do not wait', () => {
  expect(outageOf(snapshot({ state: 'waiting', waitReason: 'queue' }), online)).toBeNull()
  expect(outageOf(snapshot({ state: 'uploading' }), online)).toBeNull()
})

it('lasts since the first upload waited, is what most wait for, and ends with the last', () => {
  let now = 1000
  const watch = createOutageWatch(() => now, online)
  const first = snapshot({ ...service('server-error'), retryAt: 9000 })
  expect(watch([first])).toEqual({ of: 'server', since: 1000, retryAt: 9000, uploads: 1 })
  now = 2000
  const later = watch([first, snapshot({ ...service('server-error'), retryAt: 5000 })])
  expect(later).toEqual({ of: 'server', since: 1000, retryAt: 5000, uploads: 2 })
  const storage = snapshot(service('store-unavailable'))
  expect(watch([first, storage, storage])?.of).toBe('storage')
  expect(watch([snapshot({ state: 'uploading' })])).toBeNull()
  now = 3000
  expect(watch([first])?.since).toBe(3000)
})

it('is the same object while nothing has changed', () => {
  const watch = createOutageWatch(Date.now, online)
  const one = [snapshot(service('server-error'))]
  expect(watch(one)).toBe(watch(one))
})
