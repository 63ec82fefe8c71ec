import { describe, expect, it } from 'vitest'
import { BackendError } from './core/backend-error.js'
import type { UploadBackend } from './backend/upload-backend.js'
import { SimFile } from './testing/sim-file.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import { loaded, statesOf } from './testing/watching.js'
import { UploadError } from './upload-types.js'

const partSize = 64
const page = '<html><head><title>403 Forbidden</title></head><body>Blocked by the filter</body></html>'

/** The world's server, with `refuse` called first on each open. */
function refusing(world: SimWorld, refuse: (now: number) => BackendError | null): UploadBackend {
  const backend = world.server.over(() => world.nextFault, 20)
  return {
    ...backend,
    open: async (request, signal) => {
      await world.clock.sleep(20, signal)
      const refusal = refuse(world.clock.now())
      if (refusal !== null) throw refusal
      return backend.open(request, signal)
    },
    // Without batches, there is one call per file.
    batch: () => Promise.reject(new BackendError('not-found', 'no batches', { status: 404 })),
  }
}

describe('a store that cannot be reached while the server answers', () => {
  it('is named by its host, tried slowly for hours, and the upload goes on when it is there', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    world.nextFault = ({ what }) => (what === 'put' ? 'lost-before' : null)
    const { uploader, transport } = world.tab()
    const upload = uploader.upload(file)
    await world.until(() => upload.snapshot.waitReason === 'store-unreachable')
    expect(world.clock.now()).toBeLessThan(90_000)
    expect(upload.snapshot).toMatchObject({ host: 'store', lastError: { code: 'network' } })
    const sent = transport.sent.length
    await world.clock.pass(3_600_000)
    expect(upload.snapshot).toMatchObject({
      state: 'waiting',
      waitReason: 'store-unreachable',
      host: 'store',
    })
    expect(transport.sent.length - sent).toBeLessThan(60 * 4)
    world.nextFault = () => null
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(upload.snapshot).toMatchObject({ state: 'done', lastError: null })
    expect(upload.snapshot.host).toBeUndefined()
  })

  it('is named too where each attempt takes long and nothing comes', async () => {
    const world = new SimWorld()
    world.nextFault = ({ what }) => (what === 'put' ? 'hang' : null)
    const upload = world.tab().uploader.upload(new SimFile(contentOf(20 * partSize)))
    await world.until(() => upload.snapshot.waitReason === 'store-unreachable')
    expect(world.clock.now()).toBeLessThan(60_000)
  })

  it('is stopped when the person wants it', async () => {
    const world = new SimWorld()
    world.nextFault = ({ what }) => (what === 'put' ? 'lost-before' : null)
    const upload = world.tab().uploader.upload(new SimFile(contentOf(20 * partSize)))
    await world.until(() => upload.snapshot.waitReason === 'store-unreachable')
    await world.clock.run(upload.cancel())
    expect(upload.snapshot.state).toBe('cancelled')
    expect(world.store.uploads.size).toBe(0)
  })

  it('is a matter of the network again when the server does not answer either', async () => {
    const world = new SimWorld()
    world.nextFault = ({ what }) => (what === 'put' ? 'lost-before' : null)
    const upload = world.tab().uploader.upload(new SimFile(contentOf(20 * partSize)))
    await world.until(() => upload.snapshot.waitReason === 'store-unreachable')
    world.nextFault = () => 'lost-before'
    await world.until(() => upload.snapshot.waitReason === 'network')
    expect(upload.snapshot.host).toBeUndefined()
  })

  it('is tried at once when the person says so', async () => {
    const world = new SimWorld()
    world.nextFault = ({ what }) => (what === 'put' ? 'lost-before' : null)
    const { uploader } = world.tab()
    const upload = uploader.upload(new SimFile(contentOf(20 * partSize)))
    await world.clock.pass(600_000)
    world.nextFault = () => null
    const until = upload.snapshot.retryAt ?? 0
    uploader.retryNow()
    await world.until(() => loaded(upload) > 0)
    expect(world.clock.wallTime()).toBeLessThan(until)
  })
})

describe('something in the place of the store', () => {
  it.each([404, 409, 413, 421, 425, 499, 502, 520])(
    'that answers %i with a page is named while it is waited for, and then the upload goes on',
    async (status) => {
      const world = new SimWorld()
      const file = new SimFile(contentOf(20 * partSize))
      world.nextFault = ({ what }) => (what === 'put' ? { status, page } : null)
      const upload = world.tab().uploader.upload(file)
      await world.until(() => upload.snapshot.waitReason === 'service')
      const { lastError } = upload.snapshot
      expect(lastError).toBeInstanceOf(UploadError)
      expect(lastError?.code).toBe('unexpected-answer')
      expect(lastError?.message).toContain(
        `answered ${status} (text/html): "403 Forbidden Blocked by the filter"`,
      )
      world.nextFault = () => null
      const result = await world.clock.run(upload.done)
      expect(world.holds(result.key, file.bytes)).toBe(true)
    },
  )

  it.each([404, 409, 413, 421])('fails as what it is when it goes on answering %i', async (status) => {
    const world = new SimWorld()
    world.nextFault = ({ what }) => (what === 'put' ? { status, page } : null)
    const upload = world.tab().uploader.upload(new SimFile(contentOf(20 * partSize)))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({
      code: 'unexpected-answer',
      retryable: true,
    })
    expect(world.clock.now()).toBeLessThan(180_000)
  })

  it('is not taken for a store that has taken the part', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    let pages = 10
    world.nextFault = ({ what }) => (what === 'put' && pages-- > 0 ? { status: 200, page } : null)
    const { result } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })
})

describe('a server that asks to wait', () => {
  it('is asked again when it said, and the upload tells until when', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const tooMany = new BackendError('too-many-requests', 'slow down', { status: 429, retryAfter: 60_000 })
    let opens = 0
    const backend = refusing(world, () => (opens++ === 0 ? tooMany : null))
    const upload = world.tab({ backend }).uploader.upload(file)
    const states = statesOf(upload)
    await world.until(() => upload.snapshot.waitReason === 'rate-limited')
    const left = (upload.snapshot.retryAt ?? 0) - world.clock.wallTime()
    expect(left).toBeGreaterThan(59_000)
    expect(left).toBeLessThanOrEqual(60_000)
    const result = await world.clock.run(upload.done)
    expect(world.clock.now()).toBeGreaterThan(60_000)
    expect(opens).toBe(2)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(states).toContain('waiting/rate-limited')
  })

  it('is not asked by each of many files for how long', async () => {
    const world = new SimWorld()
    let opens = 0
    const backend = refusing(world, (now) => {
      opens += 1
      return now < 280_000
        ? new BackendError('too-many-requests', 'slow down', { status: 429, retryAfter: 300_000 })
        : null
    })
    const { uploader } = world.tab({ backend, filesAtOnce: 3 })
    const uploads = Array.from({ length: 20 }, (_, index) =>
      uploader.upload(new SimFile(contentOf(partSize, index + 1))),
    )
    await world.clock.run(Promise.all(uploads.map(({ done }) => done)))
    expect(opens).toBeLessThanOrEqual(40)
  })

  it('is asked at once when the person says so', async () => {
    const world = new SimWorld()
    let opens = 0
    const backend = refusing(world, () =>
      opens++ === 0
        ? new BackendError('too-many-requests', 'no', { status: 429, retryAfter: 300_000 })
        : null,
    )
    const upload = world.tab({ backend }).uploader.upload(new SimFile(contentOf(20 * partSize)))
    await world.until(() => upload.snapshot.waitReason === 'rate-limited')
    upload.resume()
    await world.clock.run(upload.done)
    expect(world.clock.now()).toBeLessThan(60_000)
  })
})

describe('what the last attempt failed with', () => {
  it('is told while it is waited for, as the same object until it changes', async () => {
    const world = new SimWorld()
    const backend = refusing(world, (now) =>
      now < 20_000
        ? new BackendError('unexpected-answer', 'answered 502', { status: 502 })
        : now < 60_000
          ? new BackendError('headers-failed', 'no token')
          : null,
    )
    const upload = world.tab({ backend }).uploader.upload(new SimFile(contentOf(20 * partSize)))
    const seen = new Set<UploadError | null>()
    upload.on('change', ({ lastError }) => seen.add(lastError))
    expect(upload.snapshot.lastError).toBe(null)
    await world.clock.run(upload.done)
    const codes = [...seen].map((error) => error?.code ?? null)
    expect(codes).toEqual([null, 'unexpected-answer', 'internal'])
  })
})

describe('an ETag that an extension or a proxy hides', () => {
  it.each(['crc64ecma', 'crc64nvme'] as const)(
    'is not needed where the CRC-64 verifies: %s',
    async (crc64Type) => {
      const world = new SimWorld({ hides: ['etag'], crc64Type })
      const file = new SimFile(contentOf(20 * partSize))
      const { result } = await world.upload(file)
      expect(world.holds(result.key, file.bytes)).toBe(true)
      expect(result.verified).toEqual(['object-crc64', 'part-crc64', 'size'])
    },
  )

  it('makes another page send nothing again that is there', async () => {
    const world = new SimWorld({ hides: ['etag'] })
    const file = new SimFile(contentOf(20 * partSize))
    const first = world.tab()
    const upload = first.uploader.upload(file)
    await world.until(() => loaded(upload) >= 7 * partSize)
    first.kill()
    const stored = [...world.store.uploads.values()][0]?.parts.size ?? 0
    const { tab, result } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(tab.transport.sent).toHaveLength(20 - stored)
  })

  it('is refused where nothing else verifies', async () => {
    const world = new SimWorld({ hides: ['etag', 'x-cos-hash-crc64ecma'] })
    const upload = world.tab().uploader.upload(new SimFile(contentOf(20 * partSize)))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'store-misconfigured' })
  })
})

describe('storage that never answers', () => {
  const never = <T>(): Promise<T> => new Promise(() => undefined)

  it('holds up nothing for more than a second', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const memory = { get: never, all: never, begin: never, addPart: never, delete: never } as const
    const { uploader } = world.tab({ memory })
    const upload = uploader.upload(file)
    await world.until(() => loaded(upload) > 0)
    expect(world.clock.now()).toBeLessThan(1_200)
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(await world.clock.run(uploader.unfinished())).toEqual([])
  })

  it('holds up no cancel either', async () => {
    const world = new SimWorld()
    const memory = { get: never, all: never, begin: never, addPart: never, delete: never } as const
    const upload = world.tab({ memory }).uploader.upload(new SimFile(contentOf(20 * partSize)))
    await world.until(() => loaded(upload) > 0)
    await world.clock.run(upload.cancel())
    expect(world.store.uploads.size).toBe(0)
  })
})
