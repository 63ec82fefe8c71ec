import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Opener } from '../uploads/open-limits.js'
import { Problem } from './problem.js'

/** Owners behind one address, such as an office's. */
export const ownersPerAddress = 5
/** Seconds. */
const minute = 60

/**
 * Calls that open, per minute; a batch is one. Counted by each server for itself. Per address first: who makes a new owner
 * for each call fills no list of owners.
 */
export class OpenRate {
  readonly #owners: RateLimiterMemory | null
  readonly #addresses: RateLimiterMemory | null

  /** @param perMinute of one owner; `Infinity` is no limit */
  constructor(perMinute: number) {
    const counting = (points: number) =>
      points === Infinity ? null : new RateLimiterMemory({ points, duration: minute })
    this.#owners = counting(perMinute)
    this.#addresses = counting(perMinute * ownersPerAddress)
  }

  /** @throws Problem `too-many-requests` */
  async take({ owner, address }: Opener): Promise<void> {
    if (address !== null) await taken(this.#addresses, address)
    await taken(this.#owners, owner)
  }
}

async function taken(limiter: RateLimiterMemory | null, key: string): Promise<void> {
  try {
    await limiter?.consume(key)
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error
    const retryAfter = Math.max(1, Math.ceil(error.msBeforeNext / 1_000))
    throw new Problem(
      'too-many-requests',
      `More uploads are begun here than ${limiter?.points ?? 0} a minute. Try again in ${retryAfter} s.`,
      { retryAfter },
    )
  }
}
