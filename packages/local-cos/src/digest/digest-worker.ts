import { readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { loadBodyHash } from './body-hash.js'
import type { DigestReply, DigestRequest } from './digest-messages.js'
import { HashingQueue } from './hashing-queue.js'

/**
 * A thread that hashes bodies while the main thread receives them. It reads them back from the file, still in
 * the page cache: nothing is copied between threads, and no memory is held however far hashing falls behind.
 */
const queue = new HashingQueue()
const createBodyHash = await loadBodyHash()
const port = parentPort
let scheduled = false

port?.on('message', (request: DigestRequest) => {
  const { kind, id } = request
  switch (kind) {
    case 'open': {
      const { fd } = request
      queue.open(id, createBodyHash(), (into, position) => readSync(fd, into, 0, into.length, position))
      return
    }
    case 'written':
      queue.written(id, request.end)
      break
    case 'finish':
      queue.finish(id)
      break
    case 'abandon':
      if (queue.abandon(id)) reply({ kind: 'abandoned', id })
      return
  }
  schedule()
})

function reply(message: DigestReply): void {
  port?.postMessage(message)
}

/** Runs after messages already received, so that an abandoned body is not hashed further. */
function schedule(): void {
  if (scheduled) return
  scheduled = true
  setImmediate(() => {
    scheduled = false
    queue.round(reply)
    if (queue.busy) schedule()
  })
}
