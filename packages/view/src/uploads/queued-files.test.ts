import type { FinishedUpload, UnfinishedUpload } from '@carryon/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDrawnFrames } from '../testing/drawn-frames.js'
import { FakeUnfinished } from '../testing/fake-unfinished.js'
import type { FakeUpload } from '../testing/fake-upload.js'
import { createFakeUploader, type FakeUploader } from '../testing/fake-uploader.js'
import { createUploads } from './create-uploads.js'

/** A page that finds `names` picked but not started. */
async function start(needs: UnfinishedUpload['needs'], ...names: readonly string[]) {
  const uploader = createFakeUploader()
  uploader.records.unfinished = names.map((name) => queued(uploader, name, needs))
  const frames = createDrawnFrames()
  const uploads = createUploads({ uploader, askDuplicates: true, requestFrame: frames.requestFrame })
  uploads.start()
  uploads.setAutomatic(false)
  await uploads.refresh()
  const draw = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(0)
    frames.draw()
  }
  return { uploader, uploads, draw }
}

const queued = (
  uploader: FakeUploader,
  name: string,
  needs: UnfinishedUpload['needs'] = 'file',
): UnfinishedUpload =>
  new FakeUnfinished({
    id: `pick#${name}`,
    name,
    size: 3,
    state: 'queued',
    lastModified: 7,
    needs,
    begin: (file, options) => uploader.upload(file, options),
  })
const picked = (name: string): File => new File(['abc'], name, { lastModified: 7 })
const stored = (id: string): FinishedUpload => ({
  id,
  name: `${id}.mp4`,
  size: 3,
  url: `/${id}`,
  finishedAt: '2026-11-20T13:00:00.000Z',
})
const names = (rows: readonly UnfinishedUpload[]) => rows.map(({ name }) => name)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a queued file that goes on and is cancelled does not come back', () => {
  it.each(['pick of several', 'pick in its row', 'click'])('by a %s', async (way) => {
    const { uploader, uploads, draw } = await start(way === 'click' ? 'nothing' : 'file', 'a', 'b')
    const [row] = uploads.snapshot.unfinished
    if (row === undefined) throw new Error('a row')
    if (way === 'pick of several') await uploads.add([picked('a')])
    else if (way === 'pick in its row') uploads.resume(row, picked('a'))
    else await uploads.resumeOne(row)
    await draw()
    expect(names(uploads.snapshot.unfinished)).toEqual(['b'])
    await Promise.all(uploads.snapshot.groups.open.map(uploads.cancel))
    await draw()
    expect(names(uploads.snapshot.unfinished)).toEqual(['b'])
    // A list requested before the file was taken still contains it.
    await uploads.refresh()
    expect(names(uploads.snapshot.unfinished)).toEqual(['b'])
    // And it does not resume by itself.
    uploads.setAutomatic(true)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(uploader.uploads.map(({ file }) => file.name)).toEqual(way === 'click' ? ['b'] : [])
  })
})

describe('a queued file that goes on is asked about when it is stored already', () => {
  const asked = async (
    page: Awaited<ReturnType<typeof start>>,
    uploads: readonly FakeUpload[],
  ): Promise<readonly string[]> => {
    for (const upload of uploads) void upload.find(stored(`stored ${upload.file.name}`))
    await page.draw()
    return page.uploads.snapshot.duplicates.map(({ upload }) => upload.file.name)
  }

  it('after a pick, of several or in its row', async () => {
    const page = await start('file', 'a', 'b', 'c')
    await page.uploads.add([picked('a'), picked('b')])
    page.uploads.snapshot.unfinished.forEach((row) => page.uploads.resume(row, picked('c')))
    expect(await asked(page, page.uploader.uploads)).toEqual(['a', 'b', 'c'])
    page.uploads.snapshot.duplicates.forEach((row) => page.uploads.decide(row, 'reuse'))
    await page.draw()
    expect(page.uploader.uploads.map(({ snapshot }) => snapshot.state)).toEqual(['done', 'done', 'done'])
  })

  it('after a click, and by itself; one answer holds for those that went on together', async () => {
    const page = await start('nothing', 'a', 'b', 'c')
    const [a] = page.uploads.snapshot.unfinished
    if (a === undefined) throw new Error('a row')
    await page.uploads.resumeOne(a)
    expect(await asked(page, page.uploader.uploads)).toEqual(['a'])
    page.uploads.decideAll('copy')
    page.uploads.setAutomatic(true)
    await vi.advanceTimersByTimeAsync(5_000)
    const [, b, c] = page.uploader.uploads
    if (b === undefined || c === undefined) throw new Error('two went on')
    expect(await asked(page, [b])).toEqual(['b'])
    page.uploads.decideAll('reuse')
    expect(await asked(page, [c])).toEqual([])
    expect([b, c].map(({ snapshot }) => snapshot.state)).toEqual(['done', 'done'])
  })
})

it('what is being discarded does not go on by itself', async () => {
  const { uploader, uploads } = await start('nothing', 'a')
  const [row] = uploads.snapshot.unfinished
  if (row === undefined) throw new Error('a row')
  uploads.setAutomatic(true)
  await vi.advanceTimersByTimeAsync(1_000)
  // The server answers late.
  vi.spyOn(row, 'discard').mockImplementation(() => new Promise((resolve) => setTimeout(resolve, 5_000)))
  const discarded = uploads.discard(row)
  await vi.advanceTimersByTimeAsync(10_000)
  await discarded
  expect(uploader.uploads).toEqual([])
  expect(uploads.snapshot.unfinished).toEqual([])
})

it('a row whose copy proved unreadable is found by a pick of several, by its name and size', async () => {
  const { uploader, uploads, draw } = await start('nothing', 'a')
  const [row] = uploads.snapshot.unfinished
  if (row === undefined) throw new Error('a row')
  const { UploadError } = await import('@carryon/client')
  vi.spyOn(row, 'resume').mockImplementationOnce(() => {
    throw new UploadError('file-unreadable', 'No longer kept.')
  })
  await uploads.resumeOne(row)
  await uploads.add([new File(['abc'], 'a', { lastModified: 8 })])
  await draw()
  expect(uploads.snapshot.unfinished).toEqual([])
  expect(uploader.uploads).toHaveLength(1)
})
