import { describe, expect, it } from 'vitest'
import { LaneBudget } from './lane-budget.js'
import type { Lane } from './lane-budget.js'
import { SimClock } from '../testing/sim-clock.js'

const { signal } = new AbortController()

describe('the budget of lanes', () => {
  it('gives a lane that falls free to the file that holds the fewest', async () => {
    const budget = new LaneBudget(2, new SimClock())
    const [large, small] = [{ name: 'large' }, { name: 'small' }]
    const held: Lane[] = [await budget.acquire(large, signal), await budget.acquire(large, signal)]
    const order: string[] = []
    const waiting = [large, large, small].map((owner) =>
      budget.acquire(owner, signal).then((lane) => {
        order.push(owner.name)
        held.push(lane)
      }),
    )
    held.shift()?.release()
    await waiting[2]
    expect(order).toEqual(['small'])
  })

  it('never hands out more lanes than there are', async () => {
    const budget = new LaneBudget(1, new SimClock())
    const owner = {}
    await budget.acquire(owner, signal)
    let second = false
    void budget.acquire({}, signal).then(() => (second = true))
    await new Promise(setImmediate)
    expect(second).toBe(false)
  })

  it('takes a lane back once, however often it is released', async () => {
    const budget = new LaneBudget(1, new SimClock())
    const first = await budget.acquire({}, signal)
    first.release()
    first.release()
    await budget.acquire({}, signal)
    let third = false
    void budget.acquire({}, signal).then(() => (third = true))
    await new Promise(setImmediate)
    expect(third).toBe(false)
  })

  it('halves after congestion, and hands out none until enough were released', async () => {
    const budget = new LaneBudget(6, new SimClock())
    const before = budget.lanes
    const lanes = await Promise.all(Array.from({ length: before }, () => budget.acquire({}, signal)))
    budget.congested()
    expect(budget.lanes).toBe(Math.max(1, Math.floor(before / 2)))
    let next = false
    void budget.acquire({}, signal).then(() => (next = true))
    lanes[0]?.release()
    await new Promise(setImmediate)
    expect(next).toBe(false)
    for (const lane of lanes) lane.release()
    await new Promise(setImmediate)
    expect(next).toBe(true)
  })

  it('forgets who waited and was aborted', async () => {
    const budget = new LaneBudget(1, new SimClock())
    const lane = await budget.acquire({}, signal)
    const controller = new AbortController()
    const aborted = budget.acquire({}, controller.signal)
    const patient = budget.acquire({}, signal)
    controller.abort(new Error('Paused.'))
    await expect(aborted).rejects.toThrow('Paused.')
    lane.release()
    await expect(patient).resolves.toBeDefined()
  })
})
