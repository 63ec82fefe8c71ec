import type { UnfinishedUpload } from '@carryon/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDrawnFrames } from '../testing/drawn-frames.js'
import { FakeUnfinished } from '../testing/fake-unfinished.js'
import { createFakeUploader } from '../testing/fake-uploader.js'
import { createUploads } from './create-uploads.js'

const file = (name: string) => ({ name, size: 1000, type: '' })

function create() {
  const uploader = createFakeUploader()
  const frames = createDrawnFrames()
  const uploads = createUploads({ uploader, requestFrame: frames.requestFrame, storage: null })
  return { uploader, uploads, draw: frames.draw }
}

const queued = (uploader: ReturnType<typeof createFakeUploader>, name: string): UnfinishedUpload =>
  new FakeUnfinished({
    name,
    size: 3,
    state: 'queued',
    lastModified: 7,
    begin: (picked) => uploader.upload(picked),
  })

describe('a pick of many files', () => {
  it('counts them all at once, however long it takes to begin them', async () => {
    const { uploader, uploads, draw } = create()
    uploads.start()
    const upload = uploader.upload.bind(uploader)
    vi.spyOn(uploader, 'upload').mockImplementation((picked) => {
      const until = performance.now() + 2
      while (performance.now() < until);
      return upload(picked)
    })
    const adding = uploads.add(Array.from({ length: 60 }, (_, index) => new File(['1'], `${index}`)))
    draw()
    expect(uploader.uploads.length).toBeLessThan(60)
    expect(uploads.snapshot.totals).toMatchObject({ files: 60, filesLeft: 60 })
    await adding
    draw()
    expect(uploader.uploads).toHaveLength(60)
    expect(uploads.snapshot.totals).toMatchObject({ files: 60, filesLeft: 60 })
  })
})

describe('a snapshot', () => {
  it('is the same object until something changed, and so is each part of it', async () => {
    const { uploader, uploads, draw } = create()
    uploads.start()
    const a = uploader.upload(file('a'))
    a.show({ state: 'uploading' })
    draw()
    await uploads.refresh()
    const before = uploads.snapshot
    expect(uploads.snapshot).toBe(before)
    a.show({ progress: { loaded: 500 } })
    expect(uploads.snapshot).toBe(before)
    draw()
    const after = uploads.snapshot
    const changed = Object.keys(after).filter((key) => Reflect.get(after, key) !== Reflect.get(before, key))
    expect(changed).toEqual(['totals'])
  })

  it('of a row is the same until the upload or its cancel changed', () => {
    const { uploader, uploads, draw } = create()
    uploads.start()
    const a = uploader.upload(file('a'))
    draw()
    const [row] = uploads.snapshot.groups.open
    if (row === undefined) throw new Error('No row.')
    let calls = 0
    row.subscribe(() => (calls += 1))
    const before = row.snapshot
    uploader.upload(file('b'))
    draw()
    expect([row.snapshot === before, calls]).toEqual([true, 0])
    a.show({ state: 'uploading' })
    draw()
    row.cancelling = 'yes'
    expect([row.snapshot.state, row.snapshot.cancelling, calls]).toEqual(['uploading', 'yes', 2])
  })

  it('is right at once when something was taken up, and thousands are told of together', async () => {
    const { uploader, uploads } = create()
    const names = Array.from({ length: 300 }, (_, index) => `${index}`)
    uploader.records.unfinished = names.map((name) => queued(uploader, name))
    uploads.start()
    await uploads.refresh()
    let calls = 0
    uploads.subscribe(() => (calls += 1))
    vi.spyOn(performance, 'now').mockReturnValue(0)
    const added = uploads.add(names.map((name) => new File(['abc'], name, { lastModified: 7 })))
    expect(uploads.snapshot.unfinished).toEqual([])
    await added
    vi.restoreAllMocks()
    expect(calls).toBe(1)
  })
})

describe('before it is started, and after it was stopped', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('nothing is asked or begun, and what was there is shown', async () => {
    const uploader = createFakeUploader()
    uploader.upload(file('a'))
    const asked = vi.spyOn(uploader, 'unfinished')
    const listened = vi.spyOn(uploader, 'on')
    const { snapshot } = createUploads({ uploader })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(snapshot.groups.open.map(({ upload }) => upload.file.name)).toEqual(['a'])
    expect([asked.mock.calls, listened.mock.calls]).toEqual([[], []])
  })

  it('it can be started again: the rows are the same, and what changed meanwhile is shown', () => {
    const { uploader, uploads, draw } = create()
    const stop = uploads.start()
    const a = uploader.upload(file('a'))
    draw()
    const [row] = uploads.snapshot.groups.open
    // An update that waits for a frame never arrives.
    a.show({ state: 'uploading' })
    stop()
    draw()
    expect(row?.snapshot.state).toBe('identifying')
    uploader.upload(file('b'))
    const stopAgain = uploads.start()
    expect(uploads.snapshot.groups.open.map(({ upload }) => upload.file.name)).toEqual(['a', 'b'])
    expect(uploads.snapshot.groups.open[0]).toBe(row)
    expect(row?.snapshot.state).toBe('uploading')
    a.show({ state: 'done' })
    draw()
    expect(row?.snapshot.state).toBe('done')
    stopAgain()
  })

  it('what was about to go on by itself does so once it is started again', async () => {
    const { uploader, uploads } = create()
    const upload = new FakeUnfinished({
      name: 'a',
      size: 3,
      needs: 'nothing',
      begin: (picked) => uploader.upload(picked),
    })
    uploader.records.unfinished = [upload]
    uploads.start()()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(uploader.uploads).toEqual([])
    uploads.start()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(uploader.uploads.map(({ file: { name } }) => name)).toEqual(['a'])
  })

  it('a cancel that could still be taken back is carried out when it is stopped', async () => {
    const { uploader, uploads, draw } = create()
    const stop = uploads.start()
    const a = uploader.upload(file('a'))
    a.show({ state: 'uploading' })
    draw()
    uploads.snapshot.groups.open.forEach(uploads.cancelSoon)
    stop()
    await vi.advanceTimersByTimeAsync(0)
    expect(a.snapshot.state).toBe('cancelled')
    expect(uploader.uploads).toEqual([])
  })
})
