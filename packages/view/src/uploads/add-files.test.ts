import { UploadError } from '@carryon/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createDrawnFrames } from '../testing/drawn-frames.js'
import { FakeUnfinished } from '../testing/fake-unfinished.js'
import { createFakeUploader, type FakeUploader } from '../testing/fake-uploader.js'
import { createUploads } from './create-uploads.js'

/** A page on which each file starts in its own task; some files picked earlier wait to be chosen again. */
async function start(queued: (uploader: FakeUploader) => readonly FakeUnfinished[] = () => []) {
  const uploader = createFakeUploader()
  uploader.records.unfinished = [...queued(uploader)]
  const frames = createDrawnFrames()
  const uploads = createUploads({ uploader, requestFrame: frames.requestFrame, storage: null })
  uploads.start()
  await uploads.refresh()
  return { uploader, uploads, draw: frames.draw }
}

/** Files that count how often their sizes are read. */
function pick(count: number) {
  const asked = { sizes: 0 }
  const files = Array.from({ length: count }, (_, index) => {
    const file = new File(['abc'], `photo ${index + 1}.jpg`, { lastModified: 7 })
    const size = (): number => ((asked.sizes += 1), 3)
    return Object.defineProperty(file, 'size', { get: size })
  })
  return { files, asked }
}

const namesOf = (rows: readonly { readonly upload: { readonly file: { readonly name: string } } }[]) =>
  rows.map(({ upload }) => upload.file.name)

beforeEach(() => {
  let time = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (time += 100))
})
afterEach(() => {
  vi.restoreAllMocks()
})

it('has all files in the list at once, in natural order, and keeps their rows as they begin', async () => {
  const { uploader, uploads, draw } = await start()
  const { files } = pick(12)
  const adding = uploads.add([...files].toReversed())
  draw()
  expect(uploader.uploads).toHaveLength(1)
  const rows = uploads.snapshot.groups.open
  // The first no longer waits.
  expect(namesOf(rows)).toEqual(namesOf(files.map((file) => ({ upload: { file } }))))
  expect(uploads.snapshot.totals).toMatchObject({ files: 12, filesLeft: 12, active: 12 })
  await adding
  draw()
  expect(uploader.uploads).toHaveLength(12)
  expect(new Set(uploads.snapshot.groups.open)).toEqual(new Set(rows))
  expect(namesOf(uploads.snapshot.groups.open)).toEqual(namesOf(rows))
  expect(rows.map(({ upload }) => upload)).toEqual(uploader.uploads)
  expect(uploads.snapshot.totals).toMatchObject({ files: 12, filesLeft: 12, total: 36 })
})

it('asks no file for its size to list it', async () => {
  const { uploads } = await start()
  const { files, asked } = pick(100)
  const adding = uploads.add(files)
  expect(uploads.snapshot.groups.open).toHaveLength(100)
  // The one that started.
  expect(asked.sizes).toBeLessThan(10)
  await adding
})

it('tells of ten times the files no more often, and asks each as often for its size', async () => {
  const costs = []
  for (const count of [100, 1_000]) {
    const { uploads } = await start()
    let told = 0
    uploads.subscribe(() => (told += 1))
    const { files, asked } = pick(count)
    await uploads.add(files)
    costs.push({ told, sizes: asked.sizes / count })
  }
  expect(costs[1]).toEqual(costs[0])
})

it('does not tell that all is stored while some are yet to begin', async () => {
  const { uploader, uploads, draw } = await start()
  const adding = uploads.add(pick(3).files)
  uploader.uploads[0]?.show({ state: 'done' })
  draw()
  expect(uploads.snapshot.totals).toMatchObject({ files: 3, done: 1, filesLeft: 2 })
  expect(uploads.snapshot.totals.percent).toBeLessThan(100)
  await adding
})

it('pauses and cancels what has not begun', async () => {
  const { uploader, uploads, draw } = await start()
  const adding = uploads.add(pick(4).files)
  draw()
  uploads.pauseAll()
  draw()
  expect(uploads.snapshot.totals.paused).toBe(4)
  const last = uploads.snapshot.groups.open.at(-1)
  if (last === undefined) throw new Error('no row')
  const cancelled = uploads.cancel(last)
  await Promise.all([adding, cancelled])
  draw()
  expect(uploader.uploads.map(({ file, snapshot }) => `${file.name} ${snapshot.state}`)).toEqual([
    'photo 1.jpg paused',
    'photo 2.jpg paused',
    'photo 3.jpg paused',
  ])
  expect(uploads.snapshot.groups.open).toHaveLength(3)
})

it('moves what an earlier page had picked from one list to the other at once', async () => {
  const { files } = pick(5)
  const { uploads, draw } = await start((uploader) =>
    files.map(
      ({ name }) =>
        new FakeUnfinished({
          name,
          size: 3,
          state: 'queued',
          lastModified: 7,
          begin: (file) => uploader.upload(file),
        }),
    ),
  )
  expect(uploads.snapshot.unfinished).toHaveLength(5)
  const adding = uploads.add(files)
  draw()
  expect(uploads.snapshot.unfinished).toHaveLength(0)
  expect(uploads.snapshot.groups.open).toHaveLength(5)
  await adding
})

it('takes off the list what cannot begin, and gives back what an earlier page had picked', async () => {
  const { files } = pick(3)
  const failing = (): never => {
    throw new UploadError('file-unreadable', 'No longer kept.')
  }
  const { uploads, draw } = await start((uploader) =>
    files.map(
      ({ name }, index) =>
        new FakeUnfinished({
          name,
          size: 3,
          state: 'queued',
          lastModified: 7,
          begin: index === 0 ? (file) => uploader.upload(file) : failing,
        }),
    ),
  )
  await expect(uploads.add(files)).rejects.toThrow('No longer kept.')
  draw()
  expect(uploads.snapshot.groups.open).toHaveLength(1)
  expect(uploads.snapshot.unfinished.map(({ name }) => name)).toEqual(['photo 2.jpg', 'photo 3.jpg'])
})
