import { Problem } from '../http/problem.js'
import type { UploadRegister } from '../register/upload-register.js'

/** What one owner, and one address, may have open at once. `Infinity` is no limit. */
export interface OpenLimits {
  readonly openPerOwner: number
  readonly openPerAddress: number
  /** Bytes that open uploads were opened for. */
  readonly bytesPerOwner: number
  readonly bytesPerAddress: number
}

/** Open uploads, and the bytes that they were opened for. */
export interface OpenUse {
  readonly open: number
  readonly bytes: number
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
  readonly #register: UploadRegister
  readonly #held = new Map<string, OpenUse>()
  readonly #reads = new Map<string, Promise<OpenUse>>()

  constructor(register: UploadRegister, limits: OpenLimits) {
    this.#register = register
    this.#limits = limits
  }

  /**
   * Runs `insert`, which makes one more open upload of that size, if there is room for it.
   *
   * @throws Problem `too-many-requests`
   */
  async within<Result>(opener: Opener, size: number, insert: () => Promise<Result>): Promise<Result> {
    const claims = this.#claimsOf(opener)
    // First held, then counted: whoever was held before is in one of the two, and perhaps in both.
    const held = claims.map(({ key }) => this.#hold(key, size))
    try {
      const used = await Promise.all(claims.map(({ key, count }) => this.#read(key, count)))
      claims.forEach((claim, index) => refuseBeyond(claim, held[index], used[index]))
      return await insert()
    } finally {
      for (const { key } of claims) this.#release(key, size)
    }
  }

  #claimsOf({ owner, address }: Opener): Claim[] {
    const { openPerOwner, openPerAddress, bytesPerOwner, bytesPerAddress } = this.#limits
    const claims: Claim[] = []
    if (openPerOwner < Infinity || bytesPerOwner < Infinity) {
      claims.push({
        key: `owner ${owner}`,
        count: () => this.#register.openOfOwner(owner),
        limit: { open: openPerOwner, bytes: bytesPerOwner },
        whose: 'You have',
        per: 'OWNER',
      })
    }
    if (address !== null && (openPerAddress < Infinity || bytesPerAddress < Infinity)) {
      claims.push({
        key: `address ${address}`,
        count: () => this.#register.openOfAddress(address),
        limit: { open: openPerAddress, bytes: bytesPerAddress },
        whose: 'From your network there are',
        per: 'ADDRESS',
      })
    }
    return claims
  }

  /** @returns what is held under that key now */
  #hold(key: string, size: number): OpenUse {
    const { open, bytes } = this.#held.get(key) ?? { open: 0, bytes: 0 }
    const held = { open: open + 1, bytes: bytes + size }
    this.#held.set(key, held)
    return held
  }

  #release(key: string, size: number): void {
    const { open, bytes } = this.#held.get(key) ?? { open: 1, bytes: size }
    if (open <= 1) this.#held.delete(key)
    else this.#held.set(key, { open: open - 1, bytes: bytes - size })
  }

  /** One count serves all who ask before it begins. */
  #read(key: string, count: () => Promise<OpenUse>): Promise<OpenUse> {
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

interface Claim {
  readonly key: string
  readonly count: () => Promise<OpenUse>
  readonly limit: OpenUse
  /** Begins the words for it. */
  readonly whose: string
  /** Ends the names of its variables. */
  readonly per: string
}

function refuseBeyond(
  { limit, whose, per }: Claim,
  held: OpenUse = { open: 0, bytes: 0 },
  used: OpenUse = { open: 0, bytes: 0 },
): void {
  if (used.open + held.open > limit.open) {
    throw new Problem(
      'too-many-requests',
      `${whose} ${used.open} unfinished uploads, and at most ${limit.open} are taken at once. This one can begin when another is finished or cancelled; whoever runs the server may raise LIMIT_OPEN_PER_${per}.`,
      { retryAfter },
    )
  }
  if (used.bytes + held.bytes > limit.bytes) {
    throw new Problem(
      'too-many-requests',
      `${whose} unfinished uploads of ${used.bytes} bytes, and at most ${limit.bytes} are taken at once. This one can begin when others are finished or cancelled; whoever runs the server may raise LIMIT_BYTES_PER_${per}.`,
      { retryAfter },
    )
  }
}
