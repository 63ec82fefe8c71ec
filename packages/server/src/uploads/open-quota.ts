import type { OwnerLimits } from '../limits/owner-limits.js'
import { Problem } from '../problem.js'
import type { OpenUsage, UploadRepository } from '../repository/upload-repository.js'

/** What one owner, and one address, may have open at once. `Infinity` is no limit. */
export interface OpenLimits {
  readonly openPerOwner: number
  readonly openPerAddress: number
  /** Bytes that open uploads were opened for. */
  readonly bytesPerOwner: number
  readonly bytesPerAddress: number
}

/** What an open adds to the open uploads. */
export interface AddedUsage extends OpenUsage {
  /** Bytes of the whole file. */
  readonly size: number
}

/** Who calls. */
export interface Caller {
  readonly owner: string
  /** Pseudonym of the address, `null` where it is not known. */
  readonly address: string | null
  /** What `authorize` said of the owner, as JSON; `null` or absent: nothing. */
  readonly context?: string | null
  /** Of the owner, in place of the server's. */
  readonly limits?: OwnerLimits
}

/** Seconds after which one of many uploads may have ended. */
const retryAfter = 10

/**
 * Limits what is open. The database counts it, so the limits hold across servers and restarts; what this server is about
 * to insert is reserved on top, so that any number of opens at once stay within the limit. Several servers together may
 * exceed it by what they insert at the same moment.
 */
export class OpenQuota {
  readonly #limits: OpenLimits
  readonly #repository: UploadRepository
  readonly #reserved = new Map<string, Reservation>()
  readonly #reads = new Map<string, Promise<OpenUsage>>()

  constructor(repository: UploadRepository, limits: OpenLimits) {
    this.#repository = repository
    this.#limits = limits
  }

  /**
   * Runs `write`, which adds `added` to the open uploads, if the quota allows it.
   *
   * @param caller whose quota it counts for
   * @throws Problem `too-many-requests`, or `too-large` where waiting does not help.
   */
  async within<Result>(caller: Caller, added: AddedUsage, write: () => Promise<Result>): Promise<Result> {
    const quotas = this.#quotasOf(caller)
    for (const quota of quotas) refuseTooLarge(quota, added)
    // First reserved, then counted: an earlier reservation is in one of the two, and perhaps in both.
    const reserved = quotas.map(({ key }) => this.#reserve(key, added))
    try {
      const used = await Promise.all(quotas.map(({ key, count }) => this.#read(key, count)))
      quotas.forEach((quota, index) => refuseBeyond(quota, added, reserved[index], used[index]))
      return await write()
    } finally {
      for (const { key } of quotas) this.#release(key, added)
    }
  }

  #quotasOf({ owner, address }: Caller): Quota[] {
    const { openPerOwner, openPerAddress, bytesPerOwner, bytesPerAddress } = this.#limits
    const quotas: Quota[] = []
    if (openPerOwner < Infinity || bytesPerOwner < Infinity) {
      quotas.push({
        key: `owner ${owner}`,
        count: () => this.#repository.usageOfOwner(owner),
        limit: { open: openPerOwner, bytes: bytesPerOwner },
        whose: 'You have',
        per: 'OWNER',
      })
    }
    if (address !== null && (openPerAddress < Infinity || bytesPerAddress < Infinity)) {
      quotas.push({
        key: `address ${address}`,
        count: () => this.#repository.usageOfAddress(address),
        limit: { open: openPerAddress, bytes: bytesPerAddress },
        whose: 'From your network there are',
        per: 'ADDRESS',
      })
    }
    return quotas
  }

  /** @returns what is reserved under that key now */
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

  /** One count serves all calls that arrive before it begins. */
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
  /** Begins the message. */
  readonly whose: string
  /** Ends the names of its settings. */
  readonly per: 'OWNER' | 'ADDRESS'
}

/** A file that does not fit when nothing else is open will never fit. */
function refuseTooLarge({ limit, per }: Quota, { size, bytes }: AddedUsage): void {
  if (bytes === 0 || size <= limit.bytes) return
  throw new Problem(
    'too-large',
    `The file has ${size} bytes; LIMIT_BYTES_PER_${per} allows ${limit.bytes} here. Whoever runs this server can raise it.`,
    { maxBytes: limit.bytes },
  )
}

function refuseBeyond(
  { limit, whose, per }: Quota,
  added: AddedUsage,
  reserved: OpenUsage = { open: 0, bytes: 0 },
  used: OpenUsage = { open: 0, bytes: 0 },
): void {
  if (added.open > 0 && used.open + reserved.open > limit.open) {
    throw new Problem(
      'too-many-requests',
      `${whose} ${used.open} unfinished uploads, and at most ${limit.open} are taken at once. This one can begin when another is finished or cancelled; whoever runs the server may raise LIMIT_OPEN_PER_${per}.`,
      { retryAfter },
    )
  }
  if (added.bytes > 0 && used.bytes + reserved.bytes > limit.bytes) {
    throw new Problem(
      'too-many-requests',
      `${whose} unfinished uploads of ${used.bytes} bytes, and at most ${limit.bytes} are taken at once. This one can begin when others are finished or cancelled; whoever runs the server may raise LIMIT_BYTES_PER_${per}.`,
      { retryAfter },
    )
  }
}
