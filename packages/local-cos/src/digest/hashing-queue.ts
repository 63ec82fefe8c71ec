import type { BodyHash } from './body-hash.js'
import type { DigestReply } from './digest-messages.js'

/** Reads at a position of the body; returns how many bytes, 0 at its end. */
export type ReadBody = (into: Uint8Array, position: number) => number

interface OpenBody {
  readonly id: number
  readonly hash: BodyHash
  readonly read: ReadBody
  /** Bytes that are hashed, and bytes that its file holds. */
  hashed: number
  written: number
  finishing: boolean
  failure: string | undefined
}

/** Long enough to pay for the call that reads it, short enough to stay in a core's own cache for the second hash. */
export const stepBytes = 128 * 1024

/** The bodies that one thread hashes: a step of each in turn, so that a large one keeps no small one waiting. */
export class HashingQueue {
  readonly #bodies = new Map<number, OpenBody>()
  readonly #bytes = new Uint8Array(stepBytes)

  open(id: number, hash: BodyHash, read: ReadBody): void {
    this.#bodies.set(id, { id, hash, read, hashed: 0, written: 0, finishing: false, failure: undefined })
  }

  /** @param end how many bytes the file of this body holds now */
  written(id: number, end: number): void {
    const body = this.#bodies.get(id)
    if (body !== undefined) body.written = end
  }

  /** Nothing more will be written; a later {@link round} answers the digest. */
  finish(id: number): void {
    const body = this.#bodies.get(id)
    if (body !== undefined) body.finishing = true
  }

  /** @returns whether it was open; if so, its file is not read any more. */
  abandon(id: number): boolean {
    return this.#bodies.delete(id)
  }

  /** Hashes one step of each body that has bytes, and hands over what became of those that end with it. */
  round(reply: (outcome: DigestReply) => void): void {
    for (const body of this.#bodies.values()) {
      if (hasBytes(body)) this.#step(body)
      if (!body.finishing || hasBytes(body)) continue
      this.#bodies.delete(body.id)
      reply(outcomeOf(body))
    }
  }

  /** Whether another round has something to hash. */
  get busy(): boolean {
    return [...this.#bodies.values()].some(hasBytes)
  }

  #step(body: OpenBody): void {
    try {
      const wanted = this.#bytes.subarray(0, body.written - body.hashed)
      const size = body.read(wanted, body.hashed)
      if (size === 0) throw new Error('the file is shorter than what was written to it')
      body.hash.update(wanted.subarray(0, size))
      body.hashed += size
    } catch (error) {
      body.failure = error instanceof Error ? error.message : String(error)
    }
  }
}

function hasBytes({ hashed, written, failure }: OpenBody): boolean {
  return hashed < written && failure === undefined
}

function outcomeOf({ id, hash, failure }: OpenBody): DigestReply {
  return failure === undefined
    ? { kind: 'digest', id, ...hash.digest() }
    : { kind: 'failed', id, message: failure }
}
