import { blockBytes, type HashedBody } from './lockstep-hasher.js'
import { laneCount } from './wasm/memory-layout.js'

export interface OpenBody {
  readonly hash: HashedBody
  /** Bytes written to its file so far. */
  end: number
  finishing: boolean
  failure: string | undefined
}

/** From so many bytes on a body waits to be hashed, with others if there are any: for less the way into a lane and out is long. */
const worthALane = 128 * 1024
/** So far a body may fall behind while others have nothing to hash beside it. */
const longestWait = 4 * 1024 * 1024
/** Messages are looked at between two steps, and lanes given anew: shorter steps than 1 MiB had more of them full. */
const longestStep = 256 * 1024

/** Whole blocks that can be hashed, in bytes; none of a body that cannot be read. */
export function waitingBytes({ hash, end, failure }: OpenBody): number {
  return failure === undefined ? end - (end % blockBytes) - hash.position : 0
}

/**
 * Which bodies to hash on, and how far: empty while it is better to wait for more. Four cost the same as one, so all that
 * have something go along with one that must; and a step ends where the least of them ends, so that lanes stay full.
 */
export function nextStep(bodies: readonly OpenBody[]): { readonly body: OpenBody; readonly end: number }[] {
  const waiting = bodies
    .map((body) => ({ body, bytes: waitingBytes(body) }))
    .filter(({ bytes }) => bytes > 0)
    .toSorted(
      (one, other) => Number(other.body.finishing) - Number(one.body.finishing) || other.bytes - one.bytes,
    )
  const worthy = waiting.filter(({ bytes }) => bytes >= worthALane).length
  const due =
    worthy >= Math.min(laneCount, bodies.length) ||
    waiting.some(({ body, bytes }) => body.finishing || bytes >= longestWait)
  if (!due) return []
  const chosen = waiting.slice(0, laneCount)
  const least = Math.min(...chosen.map(({ bytes }) => bytes))
  const size = Math.min(longestStep, Math.max(least, worthALane))
  return chosen.map(({ body, bytes }) => ({ body, end: body.hash.position + Math.min(bytes, size) }))
}
