import type { Context } from 'hono'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Caller } from '../uploads/open-quota.js'
import { partsPerRequest } from '@carryon/protocol'
import type { AppEnv } from './app-env.js'
import { Problem } from '../problem.js'

/** Owners expected behind one address, such as an office's. */
const ownersPerAddress = 5
/** Calls about an open upload (complete, access, parts) for each call that opens one. */
const callsPerOpen = 4
/** Batch items and signed part URLs for each call that opens an upload: enough for ten thousand photos in a minute. */
const itemsPerOpen = 40
/** Seconds. */
const minute = 60

/**
 * Limits the calls per minute of one owner, and of one address. Each server counts separately. The address is checked
 * first, so that a client with a new owner for each call does not fill the table of owners.
 */
export class RateLimiter {
  readonly #opens: Limit
  readonly #calls: Limit
  readonly #items: Limit

  /** @param opensPerMinute of one owner; the other limits are multiples of it. `Infinity` means no limit */
  constructor(opensPerMinute: number) {
    this.#opens = limitOf(opensPerMinute, 'requests that start uploads')
    this.#calls = limitOf(opensPerMinute * callsPerOpen, 'requests about unfinished uploads')
    // At least as many as the largest single request has, which would otherwise never pass.
    this.#items = limitOf(
      Math.max(opensPerMinute * itemsPerOpen, partsPerRequest),
      'uploads in batches and URLs for parts',
    )
  }

  /** Counts one call that opens uploads; a batch is one call. @throws Problem `too-many-requests` */
  async open(caller: Caller): Promise<void> {
    await take(this.#opens, caller, 1)
  }

  /** Counts one call about one upload, or for credentials. @throws Problem `too-many-requests` */
  async call(caller: Caller): Promise<void> {
    await take(this.#calls, caller, 1)
  }

  /** Counts `count` opens and completes of a batch, or signed part URLs. @throws Problem `too-many-requests` */
  async items(caller: Caller, count: number): Promise<void> {
    if (count > 0) await take(this.#items, caller, count)
  }
}

/** The caller that limits are counted for. */
export function callerOf(context: Context<AppEnv>): Caller {
  return { owner: context.get('owner'), address: context.get('address'), ...context.get('authorized') }
}

interface Limit {
  readonly owners: RateLimiterMemory | null
  readonly addresses: RateLimiterMemory | null
  readonly what: string
}

function limitOf(perOwner: number, what: string): Limit {
  const counting = (points: number) =>
    points === Infinity ? null : new RateLimiterMemory({ points, duration: minute })
  return { owners: counting(perOwner), addresses: counting(perOwner * ownersPerAddress), what }
}

async function take({ owners, addresses, what }: Limit, { owner, address }: Caller, points: number) {
  if (address !== null) await taken(addresses, address, points, `Too many ${what} from your network`)
  await taken(owners, owner, points, `Too many ${what}`)
}

async function taken(
  limiter: RateLimiterMemory | null,
  key: string,
  points: number,
  words: string,
): Promise<void> {
  try {
    await limiter?.consume(key, points)
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error
    const retryAfter = Math.max(1, Math.ceil(error.msBeforeNext / 1_000))
    throw new Problem(
      'too-many-requests',
      `${words}: at most ${limiter?.points ?? 0} per minute are allowed. Try again in ${retryAfter} s. The administrator can raise LIMIT_OPENS_PER_MINUTE.`,
      { retryAfter },
    )
  }
}
