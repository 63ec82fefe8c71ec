import { createHash, type Hash } from 'node:crypto'
import { readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { createCrc64, type Crc64Hasher } from './crc64.js'
import type { DigestReply, DigestRequest } from './digest-messages.js'

/**
 * A thread that hashes bodies while the main one receives them. It reads them back from the file: the bytes are in the
 * page cache still, nothing is copied between threads, and however far the hash falls behind, no memory is held.
 */
interface OpenBody {
  readonly fd: number
  readonly md5: Hash
  readonly crc64: Crc64Hasher
  position: number
  failure: string | undefined
}

const bodies = new Map<number, OpenBody>()
const buffer = Buffer.allocUnsafe(256 * 1024)
const port = parentPort
/** Messages are handled one after another, though opening a body takes an asynchronous step. */
let turn: Promise<void> = Promise.resolve()

port?.on('message', (request: DigestRequest) => {
  turn = turn.then(async () => handle(request))
})

async function handle(request: DigestRequest): Promise<void> {
  if (request.kind === 'open') {
    const { id, fd } = request
    bodies.set(id, {
      fd,
      md5: createHash('md5'),
      crc64: await createCrc64(),
      position: 0,
      failure: undefined,
    })
    return
  }
  const body = bodies.get(request.id)
  if (body === undefined) return
  if (request.kind === 'written') {
    hashTo(body, request.end)
    return
  }
  bodies.delete(request.id)
  port?.postMessage(replyTo(request, body))
}

function replyTo(
  { kind, id }: { readonly kind: 'finish' | 'abandon'; readonly id: number },
  body: OpenBody,
): DigestReply {
  if (kind === 'abandon') return { kind: 'abandoned', id }
  if (body.failure !== undefined) return { kind: 'failed', id, message: body.failure }
  return { kind: 'digest', id, md5: body.md5.digest(), crc64: body.crc64.digest() }
}

function hashTo(body: OpenBody, end: number): void {
  try {
    while (body.position < end) {
      const size = readSync(body.fd, buffer, 0, Math.min(buffer.length, end - body.position), body.position)
      if (size === 0) throw new Error('the file is shorter than what was written to it')
      const chunk = buffer.subarray(0, size)
      body.md5.update(chunk)
      body.crc64.update(chunk)
      body.position += size
    }
  } catch (error) {
    body.failure = error instanceof Error ? error.message : String(error)
  }
}
