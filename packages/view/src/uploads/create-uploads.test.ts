import { UploadError, type UnfinishedUpload } from '@carryon/client'
import { describe, expect, it, vi } from 'vitest'
import type { PageSight } from '../rows/page-sight.js'
import { createDrawnFrames } from '../testing/drawn-frames.js'
import { FakeUnfinished } from '../testing/fake-unfinished.js'
import { createFakeUpload } from '../testing/fake-upload.js'
import { createFakeUploader } from '../testing/fake-uploader.js'
import { createUploads } from './create-uploads.js'
import type { Uploads } from './uploads-types.js'

const file = (name: string, size = 1000) => ({ name, size, type: '' })

function start(
  prepare: (uploader: ReturnType<typeof createFakeUploader>) => void = () => undefined,
  sight?: PageSight,
) {
  const uploader = createFakeUploader()
  prepare(uploader)
  const frames = createDrawnFrames()
  const began = Date.now()
  const now = () => 1_763_816_400_000 + Date.now() - began
  const uploads = createUploads({
    uploader,
    requestFrame: frames.requestFrame,
    now,
    ...(sight === undefined ? {} : { sight }),
  })
  return { uploader, uploads, stop: uploads.start(), draw: frames.draw }
}

const states = ({ snapshot: { groups } }: Uploads) =>
  groups.open.map(({ upload, snapshot }) => `${upload.file.name} ${snapshot.state}`)

const unfinishedUpload = (id: string, size = 1000): UnfinishedUpload => ({
  id,
  state: 'open',
  lastModified: null,
  name: `${id}.bin`,
  size,
  identity: `1:${size}:${id}`,
  storedBytes: 400,
  createdAt: '2026-11-22T13:00:00.000Z',
  needs: 'file',
  paused: false,
  resume: () => {
    throw new Error('not part of this test')
  },
  discard: async () => undefined,
})

describe('rows', () => {
  it('shows what the uploader had before', () => {
    const { uploads } = start((uploader) => uploader.upload(file('a')))
    expect(states(uploads)).toEqual(['a identifying'])
  })

  it('gathers all changes until the next frame', () => {
    const { uploader, uploads, draw } = start()
    const a = uploader.upload(file('a'))
    uploader.upload(file('b'))
    a.show({ state: 'uploading', progress: { loaded: 300 } })
    expect(states(uploads)).toEqual([])
    draw()
    expect(states(uploads)).toEqual(['a uploading', 'b identifying'])
    expect(uploads.snapshot.totals).toMatchObject({
      files: 2,
      active: 2,
      loaded: 300,
      total: 2000,
      percent: 15,
    })
  })

  it('draws no figures of a slow line while nobody can see them, and all of them once somebody can', () => {
    let isHidden = true
    let show = (): void => undefined
    const sight = {
      isHidden: () => isHidden,
      onShown: (callback: () => void) => {
        show = callback
        return () => undefined
      },
    }
    const { uploader, uploads, draw } = start(undefined, sight)
    const a = uploader.upload(file('a'))
    a.show({ state: 'uploading', progress: { speed: 6_000_000 } })
    draw()
    expect(states(uploads)).toEqual(['a uploading'])
    const before = uploads.snapshot.totals
    a.show({ progress: { loaded: 500, speed: 6_000_000 } })
    draw()
    expect(uploads.snapshot.totals).toBe(before)
    isHidden = false
    show()
    draw()
    expect(uploads.snapshot.totals.loaded).toBe(500)
    isHidden = true
    a.show({ progress: { loaded: 600, speed: 7_000_000 } })
    draw()
    expect(uploads.snapshot.totals.loaded).toBe(600)
    a.show({ state: 'done' })
    draw()
    expect(uploads.snapshot.groups.done.length).toBe(1)
  })

  it('lets the totals of a hidden page follow every ten seconds, and draws nothing else', () => {
    vi.useFakeTimers()
    const sight = { isHidden: () => true, onShown: () => () => undefined }
    const { uploader, uploads, draw } = start(undefined, sight)
    const a = uploader.upload(file('a'))
    a.show({ state: 'uploading', progress: { speed: 100 } })
    draw()
    const percents: number[] = []
    for (let second = 1; second <= 30; second += 1) {
      vi.advanceTimersByTime(1_000)
      a.show({ progress: { loaded: second * 10, speed: 100 } })
      draw()
      percents.push(uploads.snapshot.totals.percent)
    }
    expect([percents[8], percents[9], percents[19], percents[29]]).toEqual([0, 10, 20, 30])
    expect(new Set(percents).size).toBe(4)
    expect(uploads.snapshot.groups.open[0]?.snapshot.progress.loaded).toBe(0)
    vi.useRealTimers()
  })

  it('does not wait for a frame with the totals of a hidden page: its timers may be a minute late', () => {
    vi.useFakeTimers()
    const sight = { isHidden: () => true, onShown: () => () => undefined }
    const { uploader, uploads, draw } = start(undefined, sight)
    const a = uploader.upload(file('a'))
    a.show({ state: 'uploading', progress: { speed: 7_000_000 } })
    draw()
    vi.advanceTimersByTime(10_000)
    a.show({ progress: { loaded: 500, speed: 7_000_000 } })
    expect(uploads.snapshot.totals.percent).toBe(50)
    vi.useRealTimers()
  })

  it('tells of a row that begins to lose what was stored, also on a hidden page', () => {
    const sight = { isHidden: () => true, onShown: () => () => undefined }
    const { uploader, uploads, draw } = start(undefined, sight)
    const a = uploader.upload(file('a'))
    a.show({ state: 'uploading', progress: { loaded: 500, speed: 100 } })
    draw()
    const told: number[] = []
    for (const lost of [300, 200, 0, 100]) {
      const before = uploads.snapshot.stateChanges
      a.show({ progress: { loaded: 500 - lost, lost, speed: 100 } })
      draw()
      if (uploads.snapshot.stateChanges !== before) told.push(lost)
    }
    expect(told).toEqual([300, 100])
  })

  it('keeps the list as it is while only figures change', () => {
    const { uploader, uploads, draw } = start()
    const a = uploader.upload(file('a'))
    a.show({ state: 'uploading' })
    draw()
    const before = uploads.snapshot.groups
    a.show({ progress: { loaded: 500 } })
    draw()
    expect(uploads.snapshot.groups).toBe(before)
    expect(before.open[0]?.snapshot.progress.loaded).toBe(500)
  })

  it('puts what is under way before what waits for its turn, and the latest finished first', () => {
    const { uploader, uploads, draw } = start()
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => uploader.upload(file(name)))
    a?.show({ state: 'waiting', waitReason: 'queue' })
    b?.show({ state: 'uploading' })
    c?.show({ state: 'done' })
    d?.show({ state: 'done' })
    draw()
    expect(states(uploads)).toEqual(['b uploading', 'a waiting'])
    expect(uploads.snapshot.groups.done.map(({ upload }) => upload.file.name)).toEqual(['d', 'c'])
    expect(uploads.snapshot.groups.done[0]?.snapshot.finishedAt?.toISOString()).toMatch(/^2025-11-22T13:00/)
  })

  it('counts the percent of the uploads since the page was last idle', () => {
    const { uploader, uploads, draw } = start()
    const big = uploader.upload(file('big', 1_000_000))
    big.show({ state: 'done' })
    draw()
    uploader.upload(file('small', 100)).show({ state: 'uploading', progress: { loaded: 25 } })
    draw()
    expect(uploads.snapshot.totals.percent).toBe(25)
  })

  it('does not let a failed file hold the percent back', () => {
    const { uploader, uploads, draw } = start()
    uploader.upload(file('a')).show({ state: 'failed', error: new UploadError('network', 'lost') })
    uploader.upload(file('b')).show({ state: 'uploading', progress: { loaded: 900 } })
    draw()
    expect(uploads.snapshot.totals).toMatchObject({ failed: 1, percent: 90 })
  })

  it('takes ten thousand files in one update', () => {
    const { uploader, uploads, draw } = start()
    let updates = 0
    uploads.subscribe(() => (updates += 1))
    for (let index = 0; index < 10_000; index += 1) {
      uploader.upload(file(`${index}`)).show({ state: 'waiting', waitReason: 'queue' })
    }
    draw()
    expect(uploads.snapshot.groups.open).toHaveLength(10_000)
    expect(updates).toBe(1)
  })

  it('regroups many files once a second, while their figures go on', () => {
    vi.useFakeTimers()
    const { uploader, uploads, draw } = start()
    for (let index = 0; index < 300; index += 1) uploader.upload(file(`${index}`))
    draw()
    const [first] = uploader.uploads
    first?.show({ state: 'done' })
    vi.advanceTimersByTime(100)
    draw()
    expect(uploads.snapshot.totals.done).toBe(1)
    expect(uploads.snapshot.groups.done).toHaveLength(0)
    vi.advanceTimersByTime(1000)
    expect(uploads.snapshot.groups.done).toHaveLength(1)
    vi.useRealTimers()
  })

  it('follows the uploader no longer than it is wanted', () => {
    const { uploader, uploads, stop, draw } = start()
    stop()
    uploader.upload(file('a'))
    draw()
    expect(states(uploads)).toEqual([])
  })
})

describe('active', () => {
  it.each([
    ['identifying', undefined, true],
    ['opening', undefined, true],
    ['uploading', undefined, true],
    ['waiting', 'queue', true],
    ['waiting', 'network', true],
    ['waiting', 'service', true],
    ['waiting', 'other-tab', false],
    ['waiting', 'same-file', false],
    ['paused', undefined, false],
    ['finishing', undefined, true],
    ['done', undefined, false],
    ['failed', undefined, false],
  ] as const)('%s %s → %s', (state, waitReason, active) => {
    const { uploader, uploads, draw } = start()
    uploader.upload(file('a')).show({ state, ...(waitReason ? { waitReason } : {}) })
    draw()
    expect(uploads.snapshot.active).toBe(active)
  })
})

describe('actions', () => {
  it('pauses and continues all that can be', () => {
    const { uploader, uploads, draw } = start()
    const [a, b] = ['a', 'b'].map((name) => uploader.upload(file(name)))
    a?.show({ state: 'uploading' })
    b?.show({ state: 'finishing' })
    draw()
    uploads.pauseAll()
    draw()
    expect(states(uploads)).toEqual(['a paused', 'b finishing'])
    uploads.resumeAll()
    draw()
    expect(states(uploads)).toEqual(['a uploading', 'b finishing'])
  })

  it('tries again at once all that may succeed as it is, and leaves the rest', () => {
    const { uploader, uploads, draw } = start()
    const codes = ['network', 'server-error', 'file-changed', 'file-too-large'] as const
    const failed = codes.map((code) => {
      const upload = uploader.upload(file(code))
      upload.show({ state: 'failed', error: new UploadError(code, code) })
      return upload
    })
    draw()
    expect(uploads.snapshot.totals).toMatchObject({ failed: 4, retryable: 2 })
    uploads.retryAll()
    expect(failed.map(({ snapshot }) => snapshot.state)).toEqual([
      'uploading',
      'uploading',
      'failed',
      'failed',
    ])
  })

  it('cancels everything but what is finished or about to be', async () => {
    const { uploader, uploads, draw } = start()
    const states = ['uploading', 'paused', 'failed', 'finishing', 'done'] as const
    const all = states.map((state) => {
      const upload = uploader.upload(file(state))
      upload.show({ state })
      return upload
    })
    draw()
    await uploads.cancelAll()
    expect(all.map(({ snapshot }) => snapshot.state)).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
      'finishing',
      'done',
    ])
    expect(uploader.uploads.map(({ file }) => file.name)).toEqual(['finishing', 'done'])
  })

  it('resumes all but what is about to be cancelled', () => {
    const { uploader, uploads, draw } = start()
    const [a, b] = [uploader.upload(file('a')), uploader.upload(file('b'))]
    for (const upload of [a, b]) upload.show({ state: 'paused' })
    draw()
    const [row] = uploads.snapshot.groups.open
    if (row === undefined) throw new Error('No row.')
    uploads.cancelSoon(row)
    uploads.resumeAll()
    expect([a.snapshot.state, b.snapshot.state]).toEqual(['paused', 'uploading'])
    uploads.undo(row)
  })

  it('takes a cancelled upload off the list', async () => {
    const { uploader, uploads, draw } = start()
    uploader.upload(file('a'))
    draw()
    await Promise.all(uploads.snapshot.groups.open.map(uploads.cancel))
    draw()
    expect(uploads.snapshot.groups.open).toEqual([])
    expect(uploader.uploads).toEqual([])
  })

  it('keeps a row whose cancel does not get through, and says so', async () => {
    const { uploader, uploads, draw } = start()
    uploader.upload(file('a')).onCancel = () => Promise.reject(new UploadError('network', 'lost'))
    draw()
    await Promise.all(uploads.snapshot.groups.open.map(uploads.cancel))
    draw()
    expect(uploads.snapshot.groups.open[0]?.cancelling).toBe('failed')
  })

  it('adds many files over several tasks, the first at once', async () => {
    const { uploader, uploads } = start()
    let time = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (time += 5))
    const files = Array.from({ length: 5 }, (_, index) => new File([], `${index}`))
    const added = uploads.add(files)
    expect(uploader.uploads.length).toBeGreaterThan(0)
    expect(uploader.uploads.length).toBeLessThan(5)
    await added
    vi.restoreAllMocks()
    expect(uploader.uploads.map((upload) => upload.file.name)).toEqual(['0', '1', '2', '3', '4'])
  })
})

describe('files that an earlier page had yet to begin', () => {
  const queued = (uploader: ReturnType<typeof createFakeUploader>, name: string): UnfinishedUpload =>
    new FakeUnfinished({
      name,
      size: 3,
      state: 'queued',
      lastModified: 7,
      begin: (picked) => uploader.upload({ name: picked.name, size: picked.size, type: 'taken up' }),
    })
  const picked = (name: string): File => new File(['abc'], name, { lastModified: 7 })

  it('are taken up by a pick of several, told of at a stroke; what is new is uploaded beside them, all in natural order', async () => {
    const { uploader, uploads, draw } = start((fake) => {
      fake.records.unfinished = ['a', 'b', 'c'].map((name) => queued(fake, name))
    })
    await uploads.refresh()
    const told = vi.spyOn(uploader, 'picked')
    const files = ['c', 'new', 'a'].map(picked)
    await uploads.add(files)
    draw()
    expect(told.mock.calls).toEqual([[files]])
    expect(uploader.uploads.map(({ file: { name, type } }) => `${name} ${type}`)).toEqual([
      'a taken up',
      'c taken up',
      'new ',
    ])
    expect(uploads.snapshot.unfinished.map(({ name }) => name)).toEqual(['b'])
  })

  it('would be forgotten where the browser remembers nothing, and are counted then', () => {
    const { uploader, uploads, draw } = start()
    uploader.records.remembers = false
    uploader.upload(file('a')).show({ state: 'uploading' })
    uploader.upload(file('b')).show({ state: 'waiting', waitReason: 'queue' })
    uploader.upload(file('c')).show({ state: 'done' })
    draw()
    expect(uploads.snapshot.forgettable).toBe(2)
    uploader.records.remembers = true
    uploader.upload(file('d'))
    draw()
    expect(uploads.snapshot.forgettable).toBe(0)
  })
})

describe('the upload records', () => {
  it('lists earlier uploads without those that this page has taken up', async () => {
    const { uploader, uploads, draw } = start(({ records }) => {
      records.unfinished = [unfinishedUpload('x'), unfinishedUpload('y')]
      records.finished = [{ id: 'z', name: 'z', size: 1, url: '/z', finishedAt: '2026-11-22T13:00:00.000Z' }]
    })
    await uploads.refresh()
    expect(uploads.snapshot.recordsLoaded).toBe(true)
    uploader.upload(file('x.bin'), 'x').show({ state: 'uploading' })
    uploader.upload(file('z'), 'z').show({ state: 'done' })
    draw()
    expect(uploads.snapshot.unfinished.map(({ id }) => id)).toEqual(['y'])
    expect(uploads.snapshot.finished).toEqual([])
  })

  it('knows an upload again whose id another tab tells later', async () => {
    const { uploader, uploads, draw } = start(({ records }) => {
      records.unfinished = [unfinishedUpload('x')]
    })
    await uploads.refresh()
    const upload = uploader.upload(file('x.bin'), 'not known yet')
    upload.show({ state: 'waiting', waitReason: 'other-tab' })
    draw()
    Object.assign(upload, { id: 'x' })
    upload.show({ progress: { loaded: 500 } })
    draw()
    expect(uploads.snapshot.unfinished).toEqual([])
  })

  it('forgets a cancelled upload, so that it does not come back as unfinished', async () => {
    const { uploader, uploads, draw } = start(({ records }) => {
      records.unfinished = [unfinishedUpload('x')]
    })
    await uploads.refresh()
    uploader.upload(file('x.bin'), 'x')
    draw()
    await Promise.all(uploads.snapshot.groups.open.map(uploads.cancel))
    draw()
    expect(uploads.snapshot.unfinished).toEqual([])
  })

  it('shows a dismissed failure as unfinished again', async () => {
    const { uploader, uploads, draw } = start(({ records }) => {
      records.unfinished = [unfinishedUpload('x')]
    })
    await uploads.refresh()
    uploader
      .upload(file('x.bin'), 'x')
      .show({ state: 'failed', error: new UploadError('file-changed', 'changed') })
    draw()
    expect(uploads.snapshot.unfinished).toEqual([])
    uploads.snapshot.groups.open.forEach(uploads.dismiss)
    draw()
    expect(uploads.snapshot.unfinished.map(({ id }) => id)).toEqual(['x'])
  })

  it('says when it cannot be asked, and recovers', async () => {
    const lost = new UploadError('network', 'lost')
    const { uploader, uploads } = start(({ records }) => {
      records.error = lost
    })
    await uploads.refresh()
    expect(uploads.snapshot.recordsError).toBe(lost)
    uploader.records.error = null
    await uploads.refresh()
    expect(uploads.snapshot.recordsError).toBe(null)
  })

  it('lists what this browser knows while the server is away, and keeps what was listed', async () => {
    const lost = new UploadError('network', 'lost')
    const mine = new FakeUnfinished({
      name: 'mine',
      size: 3,
      state: 'queued',
      begin: (picked) => createFakeUpload(picked, 'mine'),
    })
    const { uploader, uploads } = start(({ records }) => {
      records.error = lost
      records.unfinished = [unfinishedUpload('x'), mine]
    })
    const listed = () => uploads.snapshot.unfinished.map(({ id }) => id)
    await uploads.refresh()
    expect([listed(), uploads.snapshot.recordsError]).toEqual([['mine'], lost])
    expect(uploads.snapshot.recordsLoaded).toBe(false)
    uploader.records.error = null
    await uploads.refresh()
    expect(listed()).toEqual(['x', 'mine'])
    uploader.records.error = lost
    await uploads.refresh()
    expect([listed(), uploads.snapshot.recordsError]).toEqual([['x', 'mine'], lost])
  })

  it('lists the unfinished where the finished cannot be had, and the other way round', async () => {
    const lost = new UploadError('server-error', 'lost')
    const finished = {
      id: 'z',
      name: 'z',
      size: 1,
      url: '/z',
      finishedAt: '2026-11-22T13:00:00.000Z',
    }
    for (const failing of ['unfinished', 'finished'] as const) {
      const { uploads } = start((uploader) => {
        uploader.records.unfinished = [unfinishedUpload('x')]
        uploader.records.finished = [finished]
        Object.assign(uploader, { [failing]: () => Promise.reject(lost) })
      })
      await uploads.refresh()
      const listed = [uploads.snapshot.unfinished.length, uploads.snapshot.finished.length]
      expect(listed).toEqual(failing === 'finished' ? [1, 0] : [0, 1])
      expect(uploads.snapshot.recordsError).toBe(lost)
    }
  })

  it('brings the finished ones page by page', async () => {
    const { uploads } = start(({ records }) => {
      records.finished = Array.from({ length: 45 }, (_, index) => ({
        id: `${index}`,
        name: `${index}`,
        size: 1,
        url: `/${index}`,
        finishedAt: '2026-11-22T13:00:00.000Z',
      }))
    })
    await uploads.refresh()
    expect(uploads.snapshot.finished).toHaveLength(20)
    await uploads.loadMoreFinished()
    expect(uploads.snapshot.finished).toHaveLength(40)
    expect(uploads.snapshot.moreFinished).toBe(true)
    await uploads.loadMoreFinished()
    expect(uploads.snapshot.finished).toHaveLength(45)
    expect(uploads.snapshot.moreFinished).toBe(false)
  })

  it('discards an unfinished upload, and keeps it listed when that fails', async () => {
    const stubborn = {
      ...unfinishedUpload('x'),
      discard: () => Promise.reject(new UploadError('network', 'lost')),
    }
    const { uploads } = start(({ records }) => {
      records.unfinished = [stubborn, unfinishedUpload('y')]
    })
    await uploads.refresh()
    await Promise.allSettled(uploads.snapshot.unfinished.map(uploads.discard))
    expect(uploads.snapshot.unfinished.map(({ id }) => id)).toEqual(['x'])
  })
})

describe('a finished upload that is removed', () => {
  const finished = { id: 'f1', name: 'old.mp4', size: 5, url: '/f1', finishedAt: '2026-11-20T06:12:00.000Z' }

  it('leaves the list, and one of this page its rows', async () => {
    const { uploader, uploads, draw } = start((fake) => (fake.records.finished = [finished]))
    const result = {
      url: '/n',
      key: 'n',
      size: 1000,
      crc64: '1',
      crc64Type: 'crc64ecma',
      verified: ['size'],
    } as const
    for (const name of ['new.mp4', 'the same.mp4'])
      uploader.upload(file(name), 'n1').show({ state: 'done', result: { id: 'n1', ...result } })
    draw()
    expect(uploads.snapshot.groups.done).toHaveLength(2)
    await vi.waitFor(() => expect(uploads.snapshot.finished).toHaveLength(1))
    await uploads.removeFinished('f1')
    expect(uploads.snapshot.finished).toEqual([])
    await uploads.removeFinished('n1')
    draw()
    expect(uploads.snapshot.groups.done).toEqual([])
  })

  it('stays where that does not get through', async () => {
    const { uploader, uploads } = start((fake) => (fake.records.finished = [finished]))
    await vi.waitFor(() => expect(uploads.snapshot.finished).toHaveLength(1))
    uploader.records.error = new UploadError('network', 'away')
    await expect(uploads.removeFinished('f1')).rejects.toThrow('away')
    expect(uploads.snapshot.finished).toHaveLength(1)
  })
})
