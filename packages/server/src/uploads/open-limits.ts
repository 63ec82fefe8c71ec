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

/** What an open adds to what is open: nothing of what it takes over. */
export interface AddedUse extends OpenUsage {
  /** Bytes of the whole file. */
  readonly size: number
}

/** Who opens. */
export interface Opener {
  readonly owner: string
  /** Stands for the address, `null` where it is not known. */
  readonly address: string | null
}

/** Seconds after which one of many uploads may have ended. */
const retryAfter = 10

/**
 * Holds openers to their limits. What is open is counted in the database, so it holds across servers and restarts; what
 * this server is about to insert is counted on top, so that any number of opens at once end at the limit and not
 * beyond it. Several servers may together go beyond by what they insert in the same moment.
 */
export class OpenQuota {
  readonly #limits: OpenLimits
  readonly #repository: UploadRepository
  readonly #held = new Map<string, HeldUse>()
  readonly #reads = new Map<string, Promise<OpenUsage>>()

  constructor(repository: UploadRepository, limits: OpenLimits) {
    this.#repository = repository
    this.#limits = limits
  }

  /**
   * Runs `write`, which adds so much to what is open, if there is room for it.
   *
   * @param opener whose use it is counted as
   * @throws Problem `too-many-requests`, or `too-large` where waiting makes no room for it.
   */
  async within<Result>(opener: Opener, added: AddedUse, write: () => Promise<Result>): Promise<Result> {
    const claims = this.#claimsOf(opener)
    for (const claim of claims) refuseTooLarge(claim, added)
    // First held, then counted: whoever was held before is in one of the two, and perhaps in both.
    const held = claims.map(({ key }) => this.#hold(key, added))
    try {
      const used = await Promise.all(claims.map(({ key, count }) => this.#read(key, count)))
      claims.forEach((claim, index) => refuseBeyond(claim, added, held[index], used[index]))
      return await write()
    } finally {
      for (const { key } of claims) this.#release(key, added)
    }
  }

  #claimsOf({ owner, address }: Opener): Claim[] {
    const { openPerOwner, openPerAddress, bytesPerOwner, bytesPerAddress } = this.#limits
    const claims: Claim[] = []
    if (openPerOwner < Infinity || bytesPerOwner < Infinity) {
      claims.push({
        key: `owner ${owner}`,
        count: () => this.#repository.usageOfOwner(owner),
        limit: { open: openPerOwner, bytes: bytesPerOwner },
        whose: 'You have',
        per: 'OWNER',
      })
    }
    if (address !== null && (openPerAddress < Infinity || bytesPerAddress < Infinity)) {
      claims.push({
        key: `address ${address}`,
        count: () => this.#repository.usageOfAddress(address),
        limit: { open: openPerAddress, bytes: bytesPerAddress },
        whose: 'From your network there are',
        per: 'ADDRESS',
      })
    }
    return claims
  }

  /** @returns what is held under that key now */
  #hold(key: string, added: OpenUsage): OpenUsage {
    const { holders, open, bytes } = this.#held.get(key) ?? { holders: 0, open: 0, bytes: 0 }
    const held = { holders: holders + 1, open: open + added.open, bytes: bytes + added.bytes }
    this.#held.set(key, held)
    return held
  }

  #release(key: string, added: OpenUsage): void {
    const held = this.#held.get(key)
    if (held === undefined || held.holders <= 1) {
      this.#held.delete(key)
      return
    }
    const { holders, open, bytes } = held
    this.#held.set(key, { holders: holders - 1, open: open - added.open, bytes: bytes - added.bytes })
  }

  /** One count serves all who ask before it begins. */
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

interface HeldUse extends OpenUsage {
  readonly holders: number
}

interface Claim {
  readonly key: string
  readonly count: () => Promise<OpenUsage>
  readonly limit: OpenUsage
  /** Begins the words for it. */
  readonly whose: string
  /** Ends the names of its settings. */
  readonly per: 'OWNER' | 'ADDRESS'
}

/** A file that does not fit when nothing else is open will never fit. */
function refuseTooLarge({ limit, per }: Claim, { size, bytes }: AddedUse): void {
  if (bytes === 0 || size <= limit.bytes) return
  throw new Problem(
    'too-large',
    `The file has ${size} bytes; LIMIT_BYTES_PER_${per} allows ${limit.bytes} here. Whoever runs this server can raise it.`,
    { maxBytes: limit.bytes },
  )
}

function refuseBeyond(
  { limit, whose, per }: Claim,
  added: AddedUse,
  held: OpenUsage = { open: 0, bytes: 0 },
  used: OpenUsage = { open: 0, bytes: 0 },
): void {
  if (added.open > 0 && used.open + held.open > limit.open) {
    throw new Problem(
      'too-many-requests',
      `${whose} ${used.open} unfinished uploads, and at most ${limit.open} are taken at once. This one can begin when another is finished or cancelled; whoever runs the server may raise LIMIT_OPEN_PER_${per}.`,
      { retryAfter },
    )
  }
  if (added.bytes > 0 && used.bytes + held.bytes > limit.bytes) {
    throw new Problem(
      'too-many-requests',
      `${whose} unfinished uploads of ${used.bytes} bytes, and at most ${limit.bytes} are taken at once. This one can begin when others are finished or cancelled; whoever runs the server may raise LIMIT_BYTES_PER_${per}.`,
      { retryAfter },
    )
  }
}
