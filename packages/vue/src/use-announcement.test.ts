import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import { createUploadRow, type UploadRow } from './rows/upload-row.js'
import { createFakeUpload, type Shown } from './testing/fake-upload.js'
import { useAnnouncement } from './use-announcement.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function row(name: string, shown: Shown): UploadRow {
  const upload = createFakeUpload({ name, size: 10, type: '' }, name)
  upload.show(shown)
  return createUploadRow(upload, 1)
}

async function announced(...frames: (readonly UploadRow[])[]): Promise<string | undefined> {
  const changes = shallowRef<readonly UploadRow[]>([])
  const words = effectScope().run(() => useAnnouncement(changes))
  for (const frame of frames) {
    changes.value = frame
    await nextTick()
  }
  vi.runAllTimers()
  return words?.value
}

it('names the file of a single change', async () => {
  expect(await announced([row('a.mp4', { state: 'paused' })])).toBe('a.mp4: Paused')
})

it('counts many changes', async () => {
  const done = [row('a', { state: 'done' }), row('b', { state: 'done' })]
  expect(await announced(done, [row('c', { state: 'failed' })])).toBe('2 files finished, 1 failed')
})

it('keeps quiet about steps on the way', async () => {
  expect(
    await announced([row('a', { state: 'opening' })], [row('b', { state: 'waiting', waitReason: 'queue' })]),
  ).toBe('')
})
