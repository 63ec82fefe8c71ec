import { describe, expect, it } from 'vitest'
import type { Hasher } from './seams.js'
import { SimChannels } from './testing/sim-channel.js'
import { SimFile } from './testing/sim-file.js'
import { simHasher } from './testing/sim-hasher.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import { TabDesk } from './tab-desk.js'

const largestSingle = 1000

describe('a small file', () => {
  it('is read once by us, whatever is computed, and verified all the same', async () => {
    const world = new SimWorld({ largestSingle })
    const asked: (readonly string[])[] = []
    const hasher: Hasher = {
      ...simHasher,
      hash: (slices, digests, signal) => {
        asked.push(digests)
        return simHasher.hash(slices, digests, signal)
      },
    }
    const upload = world.tab({ hasher }).uploader.upload(new SimFile(contentOf(300)))
    const { verified } = await world.clock.run(upload.done)
    expect(asked).toEqual([['sha256', 'md5', 'crc64']])
    expect(verified).toEqual(['object-crc64', 'part-crc64', 'size'])
  })

  it.each([
    ['fails', true],
    ['answers the new bytes', false],
  ])('that changes before it is sent is refused where reading it %s', async (_, failsWhenChanged) => {
    const world = new SimWorld({ largestSingle })
    const file = new SimFile(contentOf(300), 'note.txt', failsWhenChanged)
    const upload = world.tab().uploader.upload(file)
    await world.until(() => upload.snapshot.state === 'opening')
    file.edit(contentOf(300, 2))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'file-changed' })
    expect(world.store.objects.size).toBe(0)
  })
})

it('tells other tabs of an upload once one of them has asked, and not before', async () => {
  const channels = new SimChannels()
  const mine = new TabDesk(channels.open())
  const yours = new TabDesk(channels.open())
  const word = { id: 'a', state: 'uploading', progress: progressOf(5) } as const
  const heard: unknown[] = []
  yours.watch('one', (said) => heard.push(said))
  mine.hold('one', { word: () => word, obey: () => undefined })
  mine.say('one', word)
  await Promise.resolve()
  expect(heard).toEqual([])
  yours.ask('one', null)
  await new Promise((resolve) => setTimeout(resolve))
  mine.letGo('one', { ...word, state: 'failed' })
  await new Promise((resolve) => setTimeout(resolve))
  expect(heard).toEqual([word, { ...word, state: 'failed' }])
})

function progressOf(loaded: number) {
  return { loaded, sent: loaded, total: 10, percent: loaded * 10, speed: null, secondsLeft: null }
}
