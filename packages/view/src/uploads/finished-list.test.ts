import { expect, it, vi } from 'vitest'
import { createDrawnFrames } from '../testing/drawn-frames.js'
import { createFakeUploader } from '../testing/fake-uploader.js'
import { createUploads } from './create-uploads.js'

function memory() {
  const items = new Map<string, string>()
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  }
}

const finished = (index: number, name = `IMG_${index}.heic`) => ({
  id: `finished-${index}`,
  name,
  size: 10,
  url: `/api/uploads/${index}/object`,
  finishedAt: new Date(Date.UTC(2026, 10, 21, 9, 0, -index)).toISOString(),
})

async function start(count: number, storage = memory()) {
  const uploader = createFakeUploader()
  uploader.records.finished = Array.from({ length: count }, (_, index) => finished(index))
  const { requestFrame, draw } = createDrawnFrames()
  const uploads = createUploads({ uploader, requestFrame, storage })
  uploads.start()
  await vi.waitFor(() => expect(uploads.snapshot.recordsLoaded).toBe(true))
  const names = () => uploads.snapshot.finished.map(({ name }) => name)
  return { uploader, uploads, draw, names, storage }
}

it('finds a file among those that are not loaded yet, and stops asking once there are enough', async () => {
  const { uploader, uploads, names } = await start(900)
  const asked = vi.spyOn(uploader, 'finished')
  await uploads.searchFinished('img_777.')
  expect(names()).toEqual(['IMG_777.heic'])
  asked.mockClear()
  await uploads.searchFinished('IMG_8')
  expect(names().length).toBeGreaterThan(20)
  expect(asked).not.toHaveBeenCalled()
  await uploads.searchFinished('')
  expect(names()).toHaveLength(900)
})

it('says that nothing matches only once all was looked through', async () => {
  const { uploads, names } = await start(450)
  const states: string[] = []
  uploads.subscribe(() => states.push(`${uploads.snapshot.searching} ${uploads.snapshot.moreFinished}`))
  await uploads.searchFinished('none such')
  expect(names()).toEqual([])
  expect(states).toContain('true true')
  expect(states.at(-1)).toBe('false false')
})

it('clears what is finished until it is shown again, over visits, and deletes nothing', async () => {
  const { uploader, uploads, names, draw, storage } = await start(3)
  uploader.upload({ name: 'new.mp4', size: 10, type: '' }).show({ state: 'done' })
  draw()
  expect(uploads.snapshot.groups.done).toHaveLength(1)
  await uploads.clearFinished()
  draw()
  expect([names(), uploads.snapshot.groups.done, uploads.snapshot.cleared]).toEqual([[], [], true])
  expect(uploader.records.finished).toHaveLength(3)

  const again = await start(3, storage)
  expect(again.names()).toEqual([])
  again.uploader.records.finished.unshift(finished(-1, 'later.mp4'))
  await again.uploads.refresh()
  expect(again.names()).toEqual(['later.mp4'])
  again.uploads.showCleared()
  expect(again.names()).toHaveLength(4)
  expect((await start(3, storage)).names()).toHaveLength(3)
})

it('clears once more what was finished since, while somebody reads along', async () => {
  const { uploader, uploads, names } = await start(2)
  uploads.subscribe(() => names())
  await uploads.clearFinished()
  uploader.records.finished.unshift(finished(-1, 'later.mp4'))
  await uploads.refresh()
  expect(names()).toEqual(['later.mp4'])
  await uploads.clearFinished()
  expect(names()).toEqual([])
})

it('renames a file in the list and in the rows of this page', async () => {
  const { uploads, names } = await start(2)
  await uploads.renameFinished('finished-1', 'holiday.heic')
  expect(names()).toEqual(['IMG_0.heic', 'holiday.heic'])
  expect(uploads.snapshot.names.get('finished-1')).toBe('holiday.heic')
  await expect(uploads.renameFinished('unknown', 'a')).rejects.toThrow()
})
