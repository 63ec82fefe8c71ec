import { UploadError, type UnfinishedUpload, type Upload } from '@carryon/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeUpload } from '../testing/fake-upload.js'
import { FakeUnfinished, type FakeUnfinishedOptions } from '../testing/fake-unfinished.js'
import { AutoResume } from './auto-resume.js'
import { unasked } from './duplicate-questions.js'

const file = { name: 'film.mp4', size: 1000, type: '' }

function unfinishedUpload(options: Partial<FakeUnfinishedOptions> = {}): UnfinishedUpload {
  return new FakeUnfinished({ ...file, begin: () => createFakeUpload(file, 'u'), ...options })
}

function start(...uploads: readonly UnfinishedUpload[]) {
  let unfinished = uploads
  const taken: (readonly [UnfinishedUpload, Upload])[] = []
  const autoResume = new AutoResume({
    unfinished: () => unfinished,
    took: (one, upload) => taken.push([one, upload]),
    together: () => unasked,
    changed: () => undefined,
  })
  autoResume.start()
  const list = (...now: readonly UnfinishedUpload[]): void => {
    unfinished = now
    autoResume.follow()
  }
  return { list, taken, autoResume, names: () => taken.map(([{ name }]) => name) }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('what needs nothing goes on by itself', () => {
  it('after a moment in which a reader may choose otherwise', async () => {
    const { names } = start(unfinishedUpload({ needs: 'nothing' }))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(names()).toEqual([])
    await vi.advanceTimersByTimeAsync(1_500)
    expect(names()).toEqual(['film.mp4'])
  })

  it('once, also when the list is loaded anew', async () => {
    const { list, names } = start(unfinishedUpload({ needs: 'nothing' }))
    await vi.advanceTimersByTimeAsync(3_000)
    list(unfinishedUpload({ needs: 'nothing' }))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(names()).toEqual(['film.mp4'])
  })

  it('but not what needs a click or the file, nor what somebody paused', async () => {
    const { names } = start(
      unfinishedUpload({ id: 'a', needs: 'permission' }),
      unfinishedUpload({ id: 'b', needs: 'file' }),
      unfinishedUpload({ id: 'c', needs: 'nothing', paused: true }),
    )
    await vi.advanceTimersByTimeAsync(10_000)
    expect(names()).toEqual([])
  })

  it('but not when it is gone from the list by then, as when the same file was picked', async () => {
    const { list, names } = start(unfinishedUpload({ needs: 'nothing' }))
    list()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(names()).toEqual([])
  })

  it('but not once that was switched off; switched on again, it does', async () => {
    const { autoResume, names } = start(unfinishedUpload({ needs: 'nothing' }))
    autoResume.choose(false)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(names()).toEqual([])
    autoResume.choose(true)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(names()).toEqual(['film.mp4'])
  })
})

it('many go on together, and only a few are looked for at once', async () => {
  let looking = 0
  let most = 0
  const begin = () => createFakeUpload(file, 'u')
  const uploads = Array.from({ length: 40 }, (_, index) => {
    const upload = unfinishedUpload({ id: `${index}`, needs: 'nothing', begin })
    const resume = async (): Promise<Upload> => {
      most = Math.max(most, (looking += 1))
      await new Promise((resolve) => setTimeout(resolve, 10))
      looking -= 1
      return begin()
    }
    return Object.assign(upload, { resume })
  })
  const { names } = start(...uploads)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(names()).toHaveLength(40)
  expect(most).toBeLessThanOrEqual(8)
})

describe('looks at each again before it begins', () => {
  /** Twenty uploads that resume by themselves; each takes ten milliseconds to start. */
  function startSlow() {
    const begin = () => createFakeUpload(file, 'u')
    const uploads = Array.from({ length: 20 }, (_, index) => {
      const upload = unfinishedUpload({ id: `${index}`, name: `${index}`, needs: 'nothing', begin })
      const resume = async (): Promise<Upload> => {
        await new Promise((resolve) => setTimeout(resolve, 10))
        return begin()
      }
      return Object.assign(upload, { resume })
    })
    return { uploads, ...start(...uploads) }
  }
  const firstEight = Array.from({ length: 8 }, (_, index) => `${index}`)

  it('what is gone from the list, or was paused, by then is left alone', async () => {
    const { uploads, list, names } = startSlow()
    await vi.advanceTimersByTimeAsync(2_005)
    list(
      ...uploads
        .filter(({ id }) => id !== '9')
        .map((one) => (one.id === '10' ? unfinishedUpload({ ...one, needs: 'nothing', paused: true }) : one)),
    )
    await vi.advanceTimersByTimeAsync(5_000)
    const expected = uploads.map(({ name }) => name).filter((name) => name !== '9' && name !== '10')
    expect(names()).toEqual(expected)
  })

  it('none begins once that was switched off', async () => {
    const { autoResume, names } = startSlow()
    await vi.advanceTimersByTimeAsync(2_005)
    autoResume.choose(false)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(names()).toEqual(firstEight)
  })

  it('none begins after it was stopped', async () => {
    const { autoResume, names } = startSlow()
    await vi.advanceTimersByTimeAsync(2_005)
    autoResume.stop()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(names()).toEqual(firstEight)
  })
})

describe('by hand', () => {
  it('of several those that are gone from the list meanwhile are left alone', async () => {
    const uploads = ['a', 'b', 'c'].map((name) => unfinishedUpload({ id: name, name, needs: 'permission' }))
    const { autoResume, list, names } = start(...uploads)
    const going = autoResume.resumeAll(uploads)
    list(...uploads.filter(({ name }) => name !== 'b'))
    await going
    expect(names()).toEqual(['a', 'c'])
  })

  it('several go on in turn, until one is refused', async () => {
    const refuse = (): Upload => {
      throw new UploadError('permission-denied', 'Not allowed.')
    }
    const uploads = [
      unfinishedUpload({ id: 'a', name: 'a', needs: 'permission' }),
      unfinishedUpload({ id: 'b', name: 'b', needs: 'permission', begin: refuse }),
      unfinishedUpload({ id: 'c', name: 'c', needs: 'permission' }),
    ]
    const { autoResume, names } = start(...uploads)
    await autoResume.resumeAll(uploads)
    expect(names()).toEqual(['a'])
    expect([...autoResume.troubles.keys()]).toEqual(['b'])
  })

  it('says why one cannot go on, until it is tried again', async () => {
    let allowed = false
    const begin = () => {
      if (!allowed) throw new UploadError('permission-denied', 'Not allowed.')
      return createFakeUpload(file, 'u')
    }
    const upload = unfinishedUpload({ needs: 'permission', begin })
    const { autoResume, names } = start(upload)
    await autoResume.resumeOne(upload)
    expect(autoResume.troubles.get(upload.id)?.code).toBe('permission-denied')
    allowed = true
    await autoResume.resumeOne(upload)
    expect(autoResume.troubles.size).toBe(0)
    expect(names()).toEqual(['film.mp4'])
  })
})
