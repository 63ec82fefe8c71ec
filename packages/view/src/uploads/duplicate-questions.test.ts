import { describe, expect, it } from 'vitest'
import { createDrawnFrames } from '../testing/drawn-frames.js'
import { createFakeUploader } from '../testing/fake-uploader.js'
import type { FakeUpload } from '../testing/fake-upload.js'
import { createUploads } from './create-uploads.js'
import type { Uploads } from './uploads-types.js'

const stored = (id: string) => ({
  id,
  name: `${id}.mp4`,
  size: 1000,
  url: `/api/uploads/${id}/object`,
  finishedAt: '2026-11-20T13:00:00.000Z',
})

interface Setup {
  readonly uploads: Uploads
  /** Adds files together; each upload can report that its content was found. */
  readonly add: (...names: string[]) => Promise<FakeUpload[]>
  /** Updates until every answer has taken effect. */
  readonly draw: () => Promise<void>
}

function start(askDuplicates = true): Setup {
  const uploader = createFakeUploader()
  const frames = createDrawnFrames()
  const uploads = createUploads({ uploader, askDuplicates, requestFrame: frames.requestFrame })
  uploads.start()
  return {
    uploads,
    add: async (...names) => {
      const before = uploader.uploads.length
      await uploads.add(names.map((name) => new File(['1234'], name)))
      return uploader.uploads.slice(before)
    },
    draw: async () => {
      await new Promise((resolve) => setTimeout(resolve))
      frames.draw()
    },
  }
}

const asked = ({ snapshot }: Uploads) => snapshot.duplicates.map(({ upload }) => upload.file.name)
const states = (uploads: readonly FakeUpload[]) => uploads.map(({ snapshot }) => snapshot.state)

describe('files that are stored already', () => {
  it('wait until it is decided about each', async () => {
    const { uploads, add, draw } = start()
    const added = await add('a', 'b', 'c')
    for (const [index, upload] of added.entries()) void upload.find(stored(`${index}`))
    await draw()
    expect(asked(uploads)).toEqual(['a', 'b', 'c'])
    expect(uploads.snapshot.active).toBe(false)
    const [a, b] = uploads.snapshot.duplicates
    if (a) uploads.decide(a, 'reuse')
    if (b) uploads.decide(b, 'copy')
    await draw()
    expect(states(added)).toEqual(['done', 'uploading', 'waiting'])
    expect(added[0]?.snapshot.result).toMatchObject({ id: '0', reused: true })
    expect(asked(uploads)).toEqual(['c'])
  })

  it('are decided about at a stroke, with those added together that are found later', async () => {
    const { uploads, add, draw } = start()
    const [a, b, c] = await add('a', 'b', 'c')
    const [other] = await add('other')
    void a?.find(stored('a'))
    void b?.find(stored('b'))
    await draw()
    uploads.decideAll('reuse')
    void c?.find(stored('c'))
    void other?.find(stored('other'))
    await draw()
    expect([a, b, c].map((upload) => upload?.snapshot.state)).toEqual(['done', 'done', 'done'])
    expect(asked(uploads)).toEqual(['other'])
  })

  it('of equal content are asked about once, whatever the answer', async () => {
    const { uploads, add, draw } = start()
    for (const choice of ['reuse', 'copy'] as const) {
      const added = await add('a', 'b', 'c', 'd')
      const [first, ...others] = added
      void first?.find(stored('earlier'))
      await draw()
      const [row] = uploads.snapshot.duplicates
      if (row) uploads.decide(row, choice)
      await draw()
      // Each waits for the previous one; from then on, a copy is the newest file with that content.
      let newest = choice === 'reuse' ? 'earlier' : first?.id
      for (const upload of others) {
        void upload.find(stored(newest ?? ''))
        await draw()
        expect(asked(uploads)).toEqual([])
        if (choice === 'copy') newest = upload.id ?? ''
      }
      const state = choice === 'reuse' ? 'done' : 'uploading'
      expect(states(added)).toEqual([state, state, state, state])
    }
    // Files with other content, or picked at another time, are asked about.
    const [again, other] = await add('e', 'f')
    void again?.find(stored('earlier'))
    void other?.find(stored('other'))
    await draw()
    expect(asked(uploads)).toEqual(['e', 'f'])
  })

  it('are told apart by what else an answer would hold for', async () => {
    const { uploads, add, draw } = start()
    const [a, b] = await add('a', 'b')
    const [other] = await add('other')
    void a?.find(stored('a'))
    void other?.find(stored('other'))
    await draw()
    const holding = () => [...uploads.snapshot.answersForEquals].map(({ upload }) => upload.file.name)
    expect(holding()).toEqual([])
    // `b` was added together with `a`, so the answers for `other` do not apply to it.
    b?.show({ state: 'waiting', waitReason: 'same-file' })
    await draw()
    expect(holding()).toEqual(['a'])
  })

  it('have others beside them for which an answer about all would hold, until those are compared', async () => {
    const { uploads, add, draw } = start()
    const [a, b] = await add('a', 'b')
    const [c] = await add('c')
    void c?.find(stored('c'))
    await draw()
    // A file added at another time is asked about anyway.
    expect(uploads.snapshot.answersForComing).toBe(false)
    void a?.find(stored('a'))
    await draw()
    expect(uploads.snapshot.answersForComing).toBe(true)
    b?.show({ state: 'uploading' })
    await draw()
    expect(uploads.snapshot.answersForComing).toBe(false)
  })

  it('are not asked about any more once the upload wants no answer', async () => {
    const { uploads, add, draw } = start()
    const [a] = await add('a')
    void a?.find(stored('a'))
    await draw()
    a?.pause()
    await draw()
    expect(asked(uploads)).toEqual([])
    uploads.decideAll('reuse')
    await draw()
    expect(a?.snapshot.state).toBe('paused')
  })

  it('are left to the uploader where nobody is to be asked', async () => {
    const { uploads, add, draw } = start(false)
    const [a] = await add('a')
    void a?.find(stored('a'))
    await draw()
    expect(asked(uploads)).toEqual([])
    expect(a?.snapshot.state).toBe('uploading')
  })
})
