import { describe, expect, it } from 'vitest'
import { RequestPool } from './request-pool.js'
import type { Permit } from './request-pool.js'
import { SharedLine } from '../testing/shared-line.js'
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
  /** A pool after one request of `bytes` that took `ms` milliseconds. */
  async function after(
    bytes: number,
    ms: number,
    roundTrip = 0,
  ): Promise<{ pool: RequestPool; written: number[] }> {
    const clock = new SimClock()
    const written: number[] = []
    const memory = { read: () => null, write: (speed: number) => void written.push(speed) }
    const pool = new RequestPool(6, clock, { memory, isSlow: false })
    pool.answered(roundTrip)
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
    for (let count = 0; count < 2; count++) await pool.acquire({}, MiB, signal)
    let isThird = false
    void pool.acquire({}, MiB, signal).then(() => (isThird = true))
    await new Promise(setImmediate)
    expect(isThird).toBe(false)
  })

  it('is told by what a new connection takes beyond its start', async () => {
    const { pool } = await after(MiB, 1_000, 100)
    // A preflight, and about three round trips, in each of which the connection carries twice as much as before.
    expect(pool.speed).toBeGreaterThan(1.5 * MiB)
    const slow = await after(MiB, 10_000, 100)
    expect(slow.pool.speed).toBeLessThan(0.11 * MiB)
  })

  it('is told by a part', async () => {
    const { pool, written } = await after(MiB, 1_000)
    expect(pool.speed).toBe(MiB)
    expect(written).toEqual([MiB])
  })
})

const [Mbit, MiB5] = [125_000, 5 * MiB]

describe('what is under way', () => {
  // Columns: seconds until the first answer, maximum seconds' worth of unacknowledged data, share of the line that is
  // used.
  it.each([
    ['1 Mbit/s', { rate: Mbit, latency: 100 }, MiB, 10, 14, 0.98],
    ['4 Mbit/s', { rate: 4 * Mbit, latency: 50 }, MiB, 3, 4, 0.98],
    ['16 Mbit/s', { rate: 16 * Mbit, latency: 30 }, MiB, 1.2, 3, 0.98],
    ['100 Mbit/s', { rate: 100 * Mbit, latency: 50 }, MiB, 1.2, 3.6, 0.98],
    ['1 Gbit/s', { rate: 1000 * Mbit, latency: 10 }, MiB, 0.5, 2, 0.98],
    [
      '1 Gbit/s where each answer takes 200 ms',
      { rate: 1000 * Mbit, latency: 10, answer: 200 },
      MiB,
      0.5,
      2,
      0.975,
    ],
    [
      '1 Gbit/s that is known, where each answer takes 200 ms',
      { rate: 1000 * Mbit, latency: 10, answer: 200, known: 1000 * Mbit },
      MiB,
      0.5,
      2,
      0.98,
    ],
    ['16 Mbit/s to S3', { rate: 16 * Mbit, latency: 30 }, MiB5, 4, 5, 0.98],
    // The third column is twice the time of one part.
    ['4 Mbit/s to S3', { rate: 4 * Mbit, latency: 50 }, MiB5, 12, 21, 0.98],
    ['1 Mbit/s to S3', { rate: Mbit, latency: 100 }, MiB5, 45, 84, 0.98],
  ] as const)(
    'on a line of %s is a few seconds of it, and the line is used',
    async (_, line, part, first, risk, used) => {
      const sim = new SharedLine(line)
      const ms = line.rate > 100 * Mbit ? 30_000 : 120_000
      await sim.sendParts(part, ms)
      expect((sim.firstAnswer ?? Infinity) / 1000).toBeLessThanOrEqual(first)
      expect(sim.mostInFlight / line.rate).toBeLessThanOrEqual(risk)
      expect(sim.usedOf(ms)).toBeGreaterThanOrEqual(used)
    },
  )

  it('on a long line soon fills it, though new connections start slowly', async () => {
    const line = new SharedLine({ rate: 100 * Mbit, latency: 50 })
    await line.sendParts(MiB, 2_500)
    expect(line.usedOf(2_500)).toBeGreaterThan(0.62)
  })

  it('on a line that is remembered as a faster one is soon no more than it carries', async () => {
    const line = new SharedLine({ rate: Mbit, latency: 100, known: 100 * Mbit })
    await line.sendParts(MiB, 60_000)
    expect(line.firstAnswer).toBeLessThan(13_000)
    expect(line.wasted).toBeLessThan(300_000)
  })

  it('is not given up on a line that carries less than is remembered, but not much less', async () => {
    const line = new SharedLine({ rate: 18 * MiB, latency: 1, known: 45 * MiB })
    await line.sendFiles(6 * MiB, 10_000)
    expect(line.mostAtOnce).toBe(6)
    expect(line.wasted).toBe(0)
  })

  it('is as many small files as the line carries at once', async () => {
    const line = new SharedLine({ rate: 100 * Mbit, latency: 50 })
    await line.sendFiles(200_000, 10_000)
    expect(line.mostAtOnce).toBe(6)
  })
})
