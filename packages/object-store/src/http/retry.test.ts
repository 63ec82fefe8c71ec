import { describe, expect, it } from 'vitest'
import { StoreError } from '../store-error.js'
import { withRetries } from './retry.js'
import type { RetryPlan } from './retry.js'

function world(random: number, plan: Partial<RetryPlan> = {}) {
  const waits: number[] = []
  const sleep = async (milliseconds: number): Promise<void> => void waits.push(milliseconds)
  return {
    waits,
    plan: { attempts: 3, firstDelay: 200, longestDelay: 5000, random: () => random, sleep, ...plan },
  }
}

const slowDown = (retryAfter?: number): StoreError =>
  new StoreError('slow down', { code: 'SlowDown', status: 503, retryAfter })

describe('withRetries', () => {
  it('tries until it succeeds, each wait below a doubling bound', async () => {
    const { waits, plan } = world(0.5)
    let calls = 0
    const result = await withRetries(async () => {
      calls += 1
      if (calls < 3) throw slowDown()
      return 'done'
    }, plan)
    expect(result).toBe('done')
    expect(waits).toEqual([100, 200])
  })

  it('gives up with the last error', async () => {
    const { waits, plan } = world(1, { attempts: 9 })
    await expect(withRetries(() => Promise.reject(slowDown()), plan)).rejects.toMatchObject({
      code: 'SlowDown',
    })
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000])
  })

  it('waits as long as the store asks, within its own limit', async () => {
    const { waits, plan } = world(0)
    const errors = [slowDown(1500), slowDown(60_000)]
    await withRetries(async () => {
      const error = errors.shift()
      if (error) throw error
    }, plan)
    expect(waits).toEqual([1500, 5000])
  })

  it.each([new StoreError('gone', { code: 'NoSuchUpload', status: 404 }), new TypeError('a bug')])(
    'does not repeat after %s',
    async (error) => {
      const { waits, plan } = world(0)
      await expect(withRetries(() => Promise.reject(error), plan)).rejects.toBe(error)
      expect(waits).toEqual([])
    },
  )
})
