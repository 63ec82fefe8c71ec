import { readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import type { DigestReply, DigestRequest } from './digest-messages.js'
import { HashedBody, LockstepHasher } from './lockstep-hasher.js'
import { nextStep, waitingBytes, type OpenBody } from './next-step.js'

/**
 * A thread that hashes bodies while the main one receives them. It reads them back from the file: the bytes are in the
 * page cache still, nothing is copied between threads, and however far the hash falls behind, no memory is held.
 */
const bodies = new Map<number, OpenBody>()
const hasher = new LockstepHasher()
const port = parentPort
let scheduled = false

port?.on('message', (request: DigestRequest) => {
  const { kind, id } = request
  if (kind === 'open') {
    const { fd } = request
    const read = (into: Uint8Array, position: number): number => readSync(fd, into, 0, into.length, position)
    bodies.set(id, { hash: new HashedBody(read), end: 0, finishing: false, failure: undefined })
    return
  }
  const body = bodies.get(id)
  if (body === undefined) return
  if (kind === 'abandon') {
    bodies.delete(id)
    reply({ kind: 'abandoned', id })
    return
  }
  if (kind === 'written') body.end = request.end
  else body.finishing = true
  schedule()
})

function reply(message: DigestReply): void {
  port?.postMessage(message)
}

/** After the messages that have arrived, so that a step knows of all bodies that have something. */
function schedule(): void {
  if (scheduled) return
  scheduled = true
  setImmediate(() => {
    scheduled = false
    work()
  })
}

function work(): void {
  const step = nextStep([...bodies.values()])
  const failures = hasher.advance(step.map(({ body, end }) => ({ body: body.hash, end })))
  for (const { body } of step) {
    const error = failures.get(body.hash)
    if (error !== undefined) body.failure = messageOf(error)
  }
  for (const [id, body] of bodies) {
    if (!body.finishing || (waitingBytes(body) > 0 && body.failure === undefined)) continue
    bodies.delete(id)
    reply(outcomeOf(id, body))
  }
  if (step.length > 0) schedule()
}

function outcomeOf(id: number, { hash, end, failure }: OpenBody): DigestReply {
  try {
    if (failure === undefined) return { kind: 'digest', id, ...hasher.finish(hash, end) }
    return { kind: 'failed', id, message: failure }
  } catch (error) {
    return { kind: 'failed', id, message: messageOf(error) }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
