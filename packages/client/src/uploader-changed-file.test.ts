import { describe, expect, it } from 'vitest'
import { SimFile } from './testing/sim-file.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import { loaded } from './testing/watching.js'

const partSize = 64

describe('a file that changes', () => {
  it('never looks like a network error where reading it fails', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize), 'film.mp4', true)
    const upload = world.tab().uploader.upload(file)
    await world.until(() => loaded(upload) >= 7 * partSize)
    file.edit(contentOf(20 * partSize, 2))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'file-changed' })
    expect(world.store.objects.size).toBe(0)
  })

  it('never becomes a mix of two states where reading it answers the new bytes', async () => {
    const size = 5 * 2 ** 20
    const world = new SimWorld({ partSize: 2 ** 18 })
    const file = new SimFile(contentOf(size))
    const upload = world.tab().uploader.upload(file)
    await world.until(() => loaded(upload) >= 10 * 2 ** 18)
    const edited = file.bytes.slice()
    edited.fill(9, Math.floor((size - 2 ** 18) / 15) - 100, Math.floor((size - 2 ** 18) / 15))
    file.edit(edited)
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'file-changed' })
    expect(world.store.objects.size).toBe(0)
    // After it is picked again, the upload resumes with the parts that are still equal.
    const { result, tab } = await world.upload(new SimFile(edited))
    expect(world.holds(result.key, edited)).toBe(true)
    expect(tab.transport.sent.length).toBeLessThanOrEqual(2)
  })

  it('fails as file-unreadable when it is gone', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const upload = world.tab().uploader.upload(file)
    await world.until(() => loaded(upload) >= 7 * partSize)
    file.remove()
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'file-unreadable' })
  })
})
