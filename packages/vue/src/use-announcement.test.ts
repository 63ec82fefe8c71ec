import { UploadError } from '@carryon/client'
import { en, UploadRow as Row } from '@carryon/view'
import { createFakeUpload, type Shown } from '@carryon/view/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import { watchRow, type UploadRow } from './rows/upload-row.js'
import { useAnnouncement } from './use-announcement.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function row(name: string, shown: Shown): UploadRow {
  const upload = createFakeUpload({ name, size: 10, type: '' }, name)
  upload.show(shown)
  return watchRow(new Row(upload, 1))
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

it('says why files failed, each reason once', async () => {
  const failed = (name: string, code: 'network' | 'store-full') =>
    row(name, { state: 'failed', error: new UploadError(code, code) })
  expect(await announced([failed('a.mp4', 'store-full')])).toBe('a.mp4: Failed, Storage is full.')
  expect(await announced([failed('a', 'network'), failed('b', 'network')], [failed('c', 'store-full')])).toBe(
    '3 failed: The connection was lost. Storage is full.',
  )
})

it('says once for all uploads what they wait for', async () => {
  const waiting = { state: 'waiting', waitReason: 'store-unreachable' } as const
  expect(await announced([row('a', waiting), row('b', waiting)])).toBe("Can't reach storage.")
})

it('says at most one thing in five seconds', async () => {
  const changes = shallowRef<readonly UploadRow[]>([])
  const words = effectScope().run(() => useAnnouncement(changes))
  const said: (string | undefined)[] = []
  for (let second = 0; second < 20; second += 1) {
    changes.value = Array.from({ length: second + 1 }, (_, index) => row(`${index}`, { state: 'done' }))
    await nextTick()
    vi.advanceTimersByTime(1000)
    said.push(words?.value)
  }
  const moments = said.flatMap((text, index) => (index > 0 && text !== said[index - 1] ? [index] : []))
  expect(moments.length).toBeGreaterThan(2)
  for (const [index, moment] of moments.entries()) {
    if (index > 0) expect(moment - (moments[index - 1] ?? 0)).toBeGreaterThanOrEqual(5)
  }
})

it('does not announce intermediate steps', async () => {
  expect(
    await announced([row('a', { state: 'opening' })], [row('b', { state: 'waiting', waitReason: 'queue' })]),
  ).toBe('')
})

it('announces a loss in the store once, and again only for another loss', async () => {
  const upload = createFakeUpload({ name: 'a.mp4', size: 1e9, type: '' }, 'a')
  const changes = shallowRef<readonly UploadRow[]>([])
  const words = effectScope().run(() => useAnnouncement(changes))
  const only = watchRow(new Row(upload, 1))
  const said: (string | undefined)[] = []
  const progress = { loaded: 5e8 }
  for (const shown of [
    { state: 'uploading', progress: { ...progress, lost: 12_300_000 } },
    { state: 'paused', progress: { ...progress, lost: 9e6 } },
    { state: 'uploading', progress },
    { state: 'opening', progress: { ...progress, lost: 5e8 } },
  ] as const) {
    upload.show(shown)
    only.row.follow(0)
    changes.value = [only]
    await nextTick()
    vi.runAllTimers()
    said.push(words?.value)
  }
  expect(said).toEqual([
    `a.mp4: Uploading, ${en.lost('12.3 MB')}`,
    'a.mp4: Paused',
    'a.mp4: Uploading',
    `a.mp4: Preparing, ${en.lost('500.0 MB')}`,
  ])
})
