import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SimFile } from './testing/sim-file.js'
import type { SimFault } from './testing/sim-faults.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import type { SimTab } from './testing/sim-world.js'
import { UploadError } from './upload-types.js'
import type { Upload, UploadErrorCode } from './upload-types.js'

/**
 * Random fault schedules over whole uploads. Each is replayed with the seed and path that fast-check prints;
 * CARRYON_SCHEDULES sets how many of each kind are run.
 */
const schedules = Number(process.env['CARRYON_SCHEDULES'] ?? 1000)
/** Milliseconds: a slow machine needs some 40 ms for each. */
const patience = 60_000 + schedules * 100

const partSize = 32
const partCount = 12
const size = partSize * partCount - 5

const fault: fc.Arbitrary<SimFault | null> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<SimFault>(
      'lost-before',
      'lost-after',
      'hang',
      'altered',
      { status: 500, code: 'InternalError' },
      { status: 503, code: 'SlowDown' },
      { status: 400, code: 'UserNetworkTooSlow' },
      { status: 400, code: 'ExpiredToken' },
      { status: 403, code: 'RequestTimeTooSkewed' },
      { refusal: 'store-unavailable' },
      { refusal: 'internal' },
    ),
  },
)

/** What people and the world do, each after a while. */
const deed = fc.record({
  /** Milliseconds. */
  after: fc.integer({ min: 0, max: 400 }),
  kind: fc.constantFrom(
    'pause',
    'resume',
    'kill and pick again',
    'second tab',
    'offline for hours',
    'lose a part',
    'lose the upload',
    'edit the file',
    'edit and pick again',
    'clock jumps',
  ),
  part: fc.integer({ min: 1, max: partCount }),
})

const schedule = fc.record({
  faults: fc.array(fault, { maxLength: 60 }),
  deeds: fc.array(deed, { maxLength: 6 }),
  mode: fc.constantFrom('credentials' as const, 'urls' as const),
  failsWhenChanged: fc.boolean(),
  joinTime: fc.constantFrom(0, 3000),
  lifetime: fc.constantFrom(20, 1800),
  seed: fc.nat(1000),
})

type Schedule = typeof schedule extends fc.Arbitrary<infer T> ? T : never

/** What an upload may end with when nobody cancels it and every fault passes. */
const expectedCodes: readonly UploadErrorCode[] = ['file-changed', 'checksum-mismatch']

class Drama {
  readonly world: SimWorld
  readonly tabs: SimTab[] = []
  readonly uploads: Upload[] = []
  /** Uploads of tabs that are still there. */
  readonly live = new Set<Upload>()
  readonly states: Uint8Array[]
  file: SimFile
  readonly #schedule: Schedule

  constructor(plot: Schedule) {
    this.#schedule = plot
    let number = plot.seed
    const random = (): number => {
      number = (Math.imul(number, 1103515245) + 12345) >>> 0
      return number / 2 ** 32
    }
    this.world = new SimWorld({ ...plot, partSize, random })
    this.file = new SimFile(contentOf(size, plot.seed), 'film.mp4', plot.failsWhenChanged)
    this.states = [this.file.bytes]
    const faults = [...plot.faults]
    this.world.weather = () => faults.shift() ?? null
    this.pick()
  }

  get current(): Upload {
    const upload = this.uploads.at(-1)
    if (upload === undefined) throw new Error('Nothing was picked.')
    return upload
  }

  pick(): void {
    const tab = this.world.tab({ recheck: 'full' })
    this.tabs.push(tab)
    const upload = tab.uploader.upload(this.file)
    this.uploads.push(upload)
    this.live.add(upload)
  }

  kill(): void {
    this.tabs.at(-1)?.kill()
    this.live.delete(this.current)
  }

  async play(): Promise<void> {
    for (const { after, kind, part } of this.#schedule.deeds) {
      await this.world.clock.pass(after)
      await this.#do(kind, part)
    }
    // In the end the sky is clear, and whoever was paused goes on.
    this.world.weather = () => null
    for (const upload of this.live) upload.resume()
  }

  async #do(kind: Schedule['deeds'][number]['kind'], part: number): Promise<void> {
    const { world } = this
    switch (kind) {
      case 'pause':
        return this.#pauseAndWatch()
      case 'resume': {
        this.current.resume()
        return
      }
      case 'kill and pick again':
        this.kill()
        {
          this.pick()
          return
        }
      case 'second tab':
        if (this.tabs.length > 1) return
        {
          this.pick()
          return
        }
      case 'offline for hours': {
        const before = world.weather
        world.weather = () => 'lost-before'
        await world.clock.pass(5 * 3_600_000)
        world.weather = before
        return
      }
      case 'lose a part':
        for (const { parts } of world.store.uploads.values()) parts.delete(part)
        return
      case 'lose the upload': {
        world.store.uploads.clear()
        return
      }
      case 'edit the file': {
        this.#edit(part)
        return
      }
      case 'edit and pick again':
        this.#edit(part)
        this.kill()
        this.file = new SimFile(this.file.bytes, 'film.mp4', this.#schedule.failsWhenChanged)
        {
          this.pick()
          return
        }
      case 'clock jumps':
        world.clock.skew += 7_200_000
        return
    }
  }

  #edit(part: number): void {
    const bytes = this.file.bytes.slice()
    bytes[(part - 1) * partSize] = (bytes[(part - 1) * partSize] ?? 0) ^ 0xff
    this.states.push(bytes)
    this.file.edit(bytes)
  }

  async #pauseAndWatch(): Promise<void> {
    this.current.pause()
    if (this.current.snapshot.state !== 'paused') return
    const transport = this.tabs.at(-1)?.transport
    const sent = transport?.sent.length
    await this.world.clock.pass(60_000)
    expect(transport?.sent.length).toBe(sent)
    expect(transport?.inFlight).toBe(0)
  }
}

test(
  'whatever happens, the object is one state of the file, or the upload says why there is none',
  async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (plot) => {
        const drama = new Drama(plot)
        const { world } = drama
        await drama.play()
        const outcome = await world.clock.run(drama.current.done.catch((error: unknown) => error))

        if (outcome instanceof UploadError) {
          expect(expectedCodes).toContain(outcome.code)
        } else if (outcome instanceof Error) {
          throw outcome
        } else {
          expect(drama.current.snapshot.progress).toMatchObject({ loaded: size, percent: 100 })
        }
        const finished = [...world.server.rows.values()].filter(({ upload }) => upload.state === 'done')
        for (const { upload } of finished) {
          expect(drama.states.some((bytes) => world.holds(upload.key, bytes))).toBe(true)
        }
        const open = [...world.server.rows.values()].filter(({ upload }) => upload.state === 'open')
        expect(new Set(open.map(({ upload }) => upload.identity)).size).toBe(open.length)
      }),
      { numRuns: schedules },
    )
  },
  patience,
)

test(
  'no part that was acknowledged and verified is sent twice, unless the store loses it or the file changes',
  async () => {
    const harmless = schedule.map((plot) => ({
      ...plot,
      faults: plot.faults.filter((strike) => strike !== 'altered'),
      deeds: plot.deeds.filter(({ kind }) => !/^(?:lose|edit|second)/.test(kind)),
    }))
    await fc.assert(
      fc.asyncProperty(harmless, async (plot) => {
        const drama = new Drama(plot)
        await drama.play()
        await drama.world.clock.run(drama.current.done)
        const acknowledged = drama.tabs
          .flatMap(({ transport }) => transport.sent)
          .filter((put) => put.acknowledged)
        expect(new Set(acknowledged.map(({ path }) => path)).size).toBe(acknowledged.length)
      }),
      { numRuns: schedules },
    )
  },
  patience,
)
