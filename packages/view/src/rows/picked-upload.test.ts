import { expect, it } from 'vitest'
import { createFakeUpload } from '../testing/fake-upload.js'
import { PickedUpload } from './picked-upload.js'

/** A file that counts how often its size is read. */
function pick() {
  const asked = { size: 0 }
  const file = {
    name: 'a.jpg',
    type: 'image/jpeg',
    get size() {
      asked.size += 1
      return 1000
    },
  }
  return { asked, file, picked: new PickedUpload(file) }
}

it('reads the size of a file only when it is needed', () => {
  const { asked, picked } = pick()
  const { state, waitReason, progress } = picked.snapshot
  expect([state, waitReason, progress.loaded, asked.size]).toEqual(['waiting', 'queue', 0, 0])
  expect([progress.total, asked.size]).toEqual([1000, 1])
})

it('pauses the upload as it starts, if that was requested and not undone', () => {
  const paused = [true, false].map((staysPaused) => {
    const { picked, file } = pick()
    const heard: string[] = []
    picked.on('change', ({ state }) => heard.push(state))
    picked.pause()
    if (!staysPaused) picked.resume()
    const upload = createFakeUpload(file, 'u1')
    picked.began(upload)
    return [upload.snapshot.state, heard]
  })
  expect(paused).toEqual([
    ['paused', ['paused']],
    ['identifying', ['paused', 'waiting']],
  ])
})

it('cancels the upload once it starts, and reports when the cancel succeeded', async () => {
  const { picked, file } = pick()
  const cancelled = picked.cancel()
  const upload = createFakeUpload(file, 'u1')
  picked.began(upload)
  await cancelled
  expect([upload.snapshot.state, picked.snapshot.state]).toEqual(['cancelled', 'cancelled'])
})

it('acts as the upload for callers that still hold it afterwards', async () => {
  const { picked, file } = pick()
  const upload = createFakeUpload(file, 'u1')
  picked.began(upload)
  picked.pause()
  expect(upload.snapshot.state).toBe('paused')
  picked.resume()
  expect(upload.snapshot.state).toBe('uploading')
  expect(picked.snapshot).toBe(upload.snapshot)
})
