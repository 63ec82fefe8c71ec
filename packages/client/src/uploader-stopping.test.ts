import { describe, expect, it } from 'vitest'
import { faultsFor } from './testing/sim-faults.js'
import { SimFile } from './testing/sim-file.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import { loaded } from './testing/watching.js'

const partSize = 64

describe('pausing and cancelling', () => {
  it('sends nothing while paused, and goes on after', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const { uploader, transport } = world.tab()
    const upload = uploader.upload(file)
    await world.until(() => loaded(upload) >= 7 * partSize)
    upload.pause()
    const sent = transport.sent.length
    await world.clock.pass(3_600_000)
    expect(transport.sent.length).toBe(sent)
    expect(transport.inFlight).toBe(0)
    expect(upload.snapshot).toMatchObject({ state: 'paused', progress: { speed: null } })
    upload.resume()
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })

  it.each(['identifying', 'opening', 'uploading', 'finishing'])(
    'can be paused and resumed while %s',
    async (state) => {
      const world = new SimWorld({ joinTime: 5000 })
      const file = new SimFile(contentOf(10 * partSize))
      const upload = world.tab().uploader.upload(file)
      const stop = upload.on('change', (snapshot) => {
        if (snapshot.state !== state) return
        stop()
        upload.pause()
      })
      await world.until(() => upload.snapshot.state === 'paused')
      upload.resume()
      const result = await world.clock.run(upload.done)
      expect(world.holds(result.key, file.bytes)).toBe(true)
      expect(world.store.objects.size).toBe(1)
    },
  )

  it.each(['identifying', 'opening', 'uploading'])(
    'leaves nothing behind when cancelled while %s',
    async (state) => {
      const world = new SimWorld()
      const { uploader } = world.tab()
      const upload = uploader.upload(new SimFile(contentOf(10 * partSize)))
      let cancelled: Promise<void> | undefined
      upload.on('change', (snapshot) => {
        if (snapshot.state === state) cancelled ??= upload.cancel()
      })
      await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'cancelled' })
      await world.clock.run(Promise.resolve(cancelled))
      expect(world.store.uploads.size).toBe(0)
      expect(world.server.list({ state: 'open' }).uploads).toEqual([])
      expect(await world.memory.all()).toEqual([])
      expect(upload.snapshot.state).toBe('cancelled')
    },
  )

  it('finds an upload whose opening answer was lost, to cancel it', async () => {
    const world = new SimWorld()
    world.nextFault = faultsFor('open', ['lost-after'])
    const upload = world.tab().uploader.upload(new SimFile(contentOf(10 * partSize)))
    await world.until(() => world.server.rows.size === 1)
    await world.clock.run(upload.cancel())
    expect(world.server.list({ state: 'open' }).uploads).toEqual([])
    expect(world.server.rows.size).toBe(1)
  })

  it('says that it is done when the cancel comes too late', async () => {
    const world = new SimWorld({ joinTime: 10_000 })
    const upload = world.tab().uploader.upload(new SimFile(contentOf(3 * partSize)))
    await world.until(() => world.store.objects.size === 1)
    await world.clock.pass(11_000)
    await world.clock.run(upload.cancel())
    expect(upload.snapshot.state).toBe('done')
  })

  it('forgets an upload that was done before the cancel came', async () => {
    const world = new SimWorld()
    world.nextFault = faultsFor('complete', ['lost-after'])
    const upload = world.tab().uploader.upload(new SimFile(contentOf(3 * partSize)))
    await world.until(() => world.store.objects.size === 1)
    await world.clock.run(upload.cancel())
    expect(upload.snapshot.state).toBe('done')
    expect(await world.memory.all()).toEqual([])
  })

  it('never hangs in finishing when the cancel comes while the store joins the parts', async () => {
    const world = new SimWorld({ joinTime: 60_000 })
    const upload = world.tab().uploader.upload(new SimFile(contentOf(3 * partSize)))
    await world.until(() => world.store.objects.size === 1)
    await world.clock.pass(1_000)
    await world.clock.run(upload.cancel())
    expect(upload.snapshot.state).toBe('done')
    expect(await world.memory.all()).toEqual([])
  })
})
