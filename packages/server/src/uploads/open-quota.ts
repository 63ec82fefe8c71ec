import { type EffectiveLimits, limitsWithin, type OwnerLimits } from '../limits/owner-limits.js'
import { Problem } from '../problem.js'
import type { UploadRepository } from '../repository/upload-repository.js'
import type { OpenUsage } from '../repository/upload-usage.js'

/** What one address may have open at once. `Infinity` means no limit. */
export interface OpenLimits {
  readonly openPerAddress: number
  /** Total bytes of open uploads. */
  readonly bytesPerAddress: number
}

/** What an open adds to an owner's and an address's open uploads. */
export interface AddedUsage extends OpenUsage {
  /** Bytes of the whole file. */
  readonly size: number
}

/** Who makes a request. */
export interface Caller {
  readonly owner: string
  /** Pseudonym of the address; `null` if unknown. */
  readonly address: string | null
  /** The context that `authorize` returned, as JSON; `null` or absent: none. */
  readonly context?: string | null
  /** The owner's own limits, in place of the server's. */
  readonly limits?: OwnerLimits
}

/** Seconds after which one of many uploads may have ended. */
const retryAfter = 10

/**
 * Limits what is open. The database does the counting, so the limits hold across servers and restarts. Rows that this
 * server is about to insert are reserved on top, so concurrent opens stay within the limit. Several servers together may
 * exceed it by what they insert at the same moment.
 */
export class OpenQuota {
  readonly #limits: OpenLimits
  readonly #ownerLimits: EffectiveLimits
  readonly #repository: UploadRepository
  readonly #reserved = new Map<string, Reservation>()
  readonly #reads = new Map<string, Promise<OpenUsage>>()

  /** @param ownerLimits of owners for whom `authorize` sets none */
  constructor(repository: UploadRepository, limits: OpenLimits, ownerLimits: EffectiveLimits) {
    this.#repository = repository
    this.#limits = limits
    this.#ownerLimits = ownerLimits
  }

  /**
   * Runs `write`, which adds `added` to the open uploads, if the quota allows it.
   *
   * @param caller whose quota it counts toward
   * @throws Problem `too-many-requests`, or `too-large` if waiting does not help.
   */
  async within<Result>(caller: Caller, added: AddedUsage, write: () => Promise<Result>): Promise<Result> {
    const quotas = this.#quotasOf(caller)
    for (const quota of quotas) refuseTooLarge(quota, added)
    // Reserve first, then count: every earlier reservation is in one of the two, and perhaps in both.
    const reserved = quotas.map(({ key }) => this.#reserve(key, added))
    try {
      const used = await Promise.all(quotas.map(({ key, count }) => this.#read(key, count)))
      quotas.forEach((quota, index) => refuseBeyond(quota, added, reserved[index], used[index]))
      return await write()
    } finally {
      for (const { key } of quotas) this.#release(key, added)
    }
  }

  #quotasOf({ owner, address, limits = {} }: Caller): Quota[] {
    const { openPerAddress, bytesPerAddress } = this.#limits
    const { openFiles, openBytes, totalBytes } = limitsWithin(this.#ownerLimits, limits)
    const quotas: Quota[] = []
    if (openFiles < Infinity || openBytes < Infinity) {
      quotas.push({
        key: `owner ${owner}`,
        count: () => this.#repository.usage.ofOwner(owner),
        limit: { open: openFiles, bytes: openBytes },
        whose: 'You have',
        // No setting of the server changes a limit that the application set for the owner.
        raise: {
          open: limits.openFiles === undefined ? 'LIMIT_OPEN_PER_OWNER' : null,
          bytes: limits.openBytes === undefined ? 'LIMIT_BYTES_PER_OWNER' : null,
        },
        frees: true,
      })
    }
    if (totalBytes < Infinity) {
      quotas.push({
        key: `total ${owner}`,
        count: async () => {
          const { open, done } = await this.#repository.usage.bytesOfOwner(owner)
          return { open: 0, bytes: open + done }
        },
        limit: { open: Infinity, bytes: totalBytes },
        whose: 'You have',
        raise: { open: null, bytes: null },
        frees: false,
      })
    }
    if (address !== null && (openPerAddress < Infinity || bytesPerAddress < Infinity)) {
      quotas.push({
        key: `address ${address}`,
        count: () => this.#repository.usage.ofAddress(address),
        limit: { open: openPerAddress, bytes: bytesPerAddress },
        whose: 'Your network has',
        raise: { open: 'LIMIT_OPEN_PER_ADDRESS', bytes: 'LIMIT_BYTES_PER_ADDRESS' },
        frees: true,
      })
    }
    return quotas
  }

  /** @returns the total reserved under that key */
  #reserve(key: string, added: OpenUsage): OpenUsage {
    const { holders, open, bytes } = this.#reserved.get(key) ?? { holders: 0, open: 0, bytes: 0 }
    const reserved = { holders: holders + 1, open: open + added.open, bytes: bytes + added.bytes }
    this.#reserved.set(key, reserved)
    return reserved
  }

  #release(key: string, added: OpenUsage): void {
    const reserved = this.#reserved.get(key)
    if (reserved === undefined || reserved.holders <= 1) {
      this.#reserved.delete(key)
      return
    }
    const { holders, open, bytes } = reserved
    this.#reserved.set(key, { holders: holders - 1, open: open - added.open, bytes: bytes - added.bytes })
  }

  /** All calls that arrive before a count begins share it. */
  #read(key: string, count: () => Promise<OpenUsage>): Promise<OpenUsage> {
    const waiting = this.#reads.get(key)
    if (waiting !== undefined) return waiting
    const read = Promise.resolve().then(() => {
      this.#reads.delete(key)
      return count()
    })
    this.#reads.set(key, read)
    return read
  }
}

interface Reservation extends OpenUsage {
  readonly holders: number
}

interface Quota {
  readonly key: string
  readonly count: () => Promise<OpenUsage>
  readonly limit: OpenUsage
  /** Start of the error message. */
  readonly whose: string
  /** Settings with which the operator can raise the limit; `null`: the application decides. */
  readonly raise: { readonly open: string | null; readonly bytes: string | null }
  /** Whether room becomes free once other uploads have ended. */
  readonly frees: boolean
}

/** Refuses a file that would not fit even if nothing else were open. */
function refuseTooLarge({ limit, raise }: Quota, { open, size, bytes }: AddedUsage): void {
  if (open > limit.open) throw new Problem('forbidden', 'You may not upload here.')
  if (bytes === 0 || size <= limit.bytes) return
  const words =
    raise.bytes === null
      ? `The file has ${size} bytes. You may store at most ${limit.bytes} here.`
      : `The file has ${size} bytes; ${raise.bytes} allows ${limit.bytes} here. The administrator can raise it.`
  throw new Problem('too-large', words, { maxBytes: limit.bytes })
}

const none: OpenUsage = { open: 0, bytes: 0 }

function refuseBeyond(quota: Quota, added: AddedUsage, reserved = none, used = none): void {
  const { limit, whose, raise, frees } = quota
  if (added.open > 0 && used.open + reserved.open > limit.open) {
    throw new Problem(
      'too-many-requests',
      `${whose} ${used.open} unfinished uploads, and at most ${limit.open} are allowed at once. This one can start when another is finished or cancelled${mayRaise(raise.open)}.`,
      { retryAfter },
    )
  }
  if (added.bytes === 0 || used.bytes + reserved.bytes <= limit.bytes) return
  if (!frees) throw noRoomLeft(limit.bytes, used.bytes, added.size)
  throw new Problem(
    'too-many-requests',
    `${whose} unfinished uploads of ${used.bytes} bytes, and at most ${limit.bytes} are allowed at once. This one can start when others are finished or cancelled${mayRaise(raise.bytes)}.`,
    { retryAfter },
  )
}

function mayRaise(setting: string | null): string {
  return setting === null ? '' : `; the administrator can raise ${setting}`
}

/** Waiting does not help: finished uploads stay. */
export function noRoomLeft(total: number, used: number, size: number): Problem {
  const left = Math.max(0, total - used)
  return new Problem(
    'too-large',
    `You may have ${total} bytes here, and ${left} are left. This file has ${size}.`,
    { maxBytes: left },
  )
}
