import { describe, expect, it } from 'vitest'
import { RequestPool } from './request-pool.js'
import type { Permit } from './request-pool.js'
import { SimClock } from '../testing/sim-clock.js'

const MiB = 2 ** 20
const { signal } = new AbortController()

describe('the pool of requests', () => {
  it('gives a place that falls free to the file that holds the fewest', async () => {
    const pool = new RequestPool(2, new SimClock())
    const [large, small] = [{ name: 'large' }, { name: 'small' }]
    const held: Permit[] = [await pool.acquire(large, 1, signal), await pool.acquire(large, 1, signal)]
    const order: string[] = []
    const waiting = [large, large, small].map((owner) =>
      pool.acquire(owner, 1, signal).then((permit) => {
        order.push(owner.name)
        held.push(permit)
      }),
    )
    held.shift()?.release()
    await waiting[2]
    expect(order).toEqual(['small'])
  })

  it('never hands out more places than there are', async () => {
    const pool = new RequestPool(1, new SimClock())
    await pool.acquire({}, 1, signal)
    let second = false
    void pool.acquire({}, 1, signal).then(() => (second = true))
    await new Promise(setImmediate)
    expect(second).toBe(false)
  })

  it('takes a place back once, however often it is released', async () => {
    const pool = new RequestPool(1, new SimClock())
    const first = await pool.acquire({}, 1, signal)
    first.release()
    first.release()
    await pool.acquire({}, 1, signal)
    let third = false
    void pool.acquire({}, 1, signal).then(() => (third = true))
    await new Promise(setImmediate)
    expect(third).toBe(false)
  })

  it('halves after congestion, and hands out none until enough were released', async () => {
    const pool = new RequestPool(6, new SimClock())
    const before = pool.concurrency
    const permits = await Promise.all(Array.from({ length: before }, () => pool.acquire({}, 1, signal)))
    pool.congested()
    expect(pool.concurrency).toBe(Math.max(1, Math.floor(before / 2)))
    let next = false
    void pool.acquire({}, 1, signal).then(() => (next = true))
    permits[0]?.release()
    await new Promise(setImmediate)
    expect(next).toBe(false)
    for (const permit of permits) permit.release()
    await new Promise(setImmediate)
    expect(next).toBe(true)
  })

  it('forgets who waited and was aborted', async () => {
    const pool = new RequestPool(1, new SimClock())
    const permit = await pool.acquire({}, 1, signal)
    const controller = new AbortController()
    const aborted = pool.acquire({}, 1, controller.signal)
    const patient = pool.acquire({}, 1, signal)
    controller.abort(new Error('Paused.'))
    await expect(aborted).rejects.toThrow('Paused.')
    permit.release()
    await expect(patient).resolves.toBeDefined()
  })
})

describe('what is known of the line', () => {
  /** A pool after one request of `bytes` that took so many milliseconds. */
  async function after(bytes: number, ms: number): Promise<{ pool: RequestPool; written: number[] }> {
    const clock = new SimClock()
    const written: number[] = []
    const memory = { read: () => null, write: (speed: number) => void written.push(speed) }
    const pool = new RequestPool(6, clock, { memory, isSlow: false })
    const permit = await pool.acquire({}, bytes, signal)
    permit.begun()
    await clock.pass(ms)
    permit.acknowledged(MiB)
    permit.release()
    return { pool, written }
  }

  it.each([0, 200, 200_000])('is not told by a file of %i bytes', async (bytes) => {
    const { pool, written } = await after(bytes, 60)
    expect(pool.speed).toBeNull()
    expect(pool.isMeasured).toBe(false)
    expect(written).toEqual([])
    await pool.acquire({}, MiB, signal)
    let isSecond = false
    void pool.acquire({}, MiB, signal).then(() => (isSecond = true))
    await new Promise(setImmediate)
    expect(isSecond).toBe(true)
  })

  it('is not told by the time that a request waits before it goes out', async () => {
    const clock = new SimClock()
    const pool = new RequestPool(6, clock)
    const permits = await Promise.all([1, 2].map(() => pool.acquire({}, MiB, signal)))
    await clock.pass(3_600_000)
    for (const permit of permits) permit.begun()
    expect(permits[0]?.timeLeft()).toBeNull()
    await clock.pass(1_000)
    for (const permit of permits) {
      permit.acknowledged(MiB)
      permit.release()
    }
    expect(pool.speed).toBe(2 * MiB)
  })

  it('counts what has not gone out yet as under way', async () => {
    const pool = new RequestPool(6, new SimClock())
    for (let count = 0; count < 3; count++) await pool.acquire({}, MiB, signal)
    let isFourth = false
    void pool.acquire({}, MiB, signal).then(() => (isFourth = true))
    await new Promise(setImmediate)
    expect(isFourth).toBe(false)
  })

  it('is told by a part', async () => {
    const { pool, written } = await after(MiB, 1_000)
    expect(pool.speed).toBe(MiB)
    expect(written).toEqual([MiB])
  })
})

/** A line of so many bytes per second, shared by all requests alike, and what was under way on it. */
class SimLine {
  readonly clock = new SimClock()
  readonly pool: RequestPool
  firstAnswer: number | null = null
  mostInFlight = 0
  mostAtOnce = 0
  carried = 0
  wasted = 0
  readonly #requests = new Set<{ left: number; readonly bytes: number; readonly done: () => void }>()

  readonly rate: number
  readonly latency: number

  constructor(rate: number, latency: number, speed: number | null = null) {
    this.rate = rate
    this.latency = latency
    const memory = { read: () => speed, write: () => undefined }
    this.pool = new RequestPool(6, this.clock, { memory, isSlow: false })
    this.pool.answered(latency)
  }

  /** Sends parts of `bytes` for so many milliseconds. */
  async send(bytes: number, ms: number): Promise<void> {
    const end = new AbortController()
    const owner = {}
    const next = async (): Promise<void> => {
      for (;;) {
        const permit = await this.pool.acquire(owner, bytes, end.signal)
        void this.#one(bytes, permit)
      }
    }
    next().catch(() => undefined)
    await this.clock.run(this.#flow(ms))
    end.abort(new Error('Enough.'))
  }

  async #one(bytes: number, permit: Permit): Promise<void> {
    permit.begun()
    await this.clock.sleep(this.latency)
    const request = { left: bytes, bytes, done: (): void => undefined }
    const arrived = new Promise<boolean>((resolve) => {
      request.done = () => resolve(true)
      permit.yielded.addEventListener('abort', () => {
        this.#requests.delete(request)
        this.wasted += bytes - request.left
        resolve(false)
      })
    })
    this.#requests.add(request)
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#requests.size)
    if (await arrived) {
      await this.clock.sleep(this.latency)
      this.firstAnswer ??= this.clock.now()
      permit.acknowledged(MiB)
      this.carried += bytes
    }
    permit.release()
  }

  async #flow(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      await this.clock.sleep(10)
      const share = this.rate / 100 / Math.max(1, this.#requests.size)
      const inFlight = [...this.#requests].reduce((sum, { bytes, left }) => sum + bytes - left, 0)
      this.mostInFlight = Math.max(this.mostInFlight, inFlight)
      for (const request of this.#requests) {
        request.left -= share
        if (request.left > 0) continue
        this.#requests.delete(request)
        request.done()
      }
    }
  }
}

describe('what is under way', () => {
  it.each([
    ['1 Mbit/s', 125_000, 100, MiB, 11, 14, 0.95],
    ['4 Mbit/s', 500_000, 50, MiB, 3.5, 7, 0.96],
    ['16 Mbit/s', 2_000_000, 30, MiB, 1.8, 5, 0.97],
    ['100 Mbit/s', 12_500_000, 50, 4 * MiB, 1.5, 4, 0.94],
  ])(
    'on a line of %s is a few seconds of it, and the line is used',
    async (_, rate, latency, part, first, risk, used) => {
      const line = new SimLine(rate, latency)
      const ms = 120_000
      await line.send(part, ms)
      expect((line.firstAnswer ?? Infinity) / 1000).toBeLessThan(first)
      expect(line.mostInFlight / rate).toBeLessThan(risk)
      expect(line.carried / (rate * (ms / 1000))).toBeGreaterThan(used - part / (rate * (ms / 1000)))
    },
  )

  it('on a line that is remembered as a faster one is soon no more than it carries', async () => {
    const line = new SimLine(125_000, 100, 12_500_000)
    await line.send(MiB, 60_000)
    expect(line.firstAnswer).toBeLessThan(13_000)
    expect(line.wasted).toBeLessThan(300_000)
  })

  it('is as many small files as the line carries at once', async () => {
    const line = new SimLine(12_500_000, 50)
    await line.send(200_000, 10_000)
    expect(line.mostAtOnce).toBe(6)
  })
})
