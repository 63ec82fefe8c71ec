import type { Readable } from 'node:stream'
import { asError, CosError } from '../errors.js'
import { SharedBuffers } from './shared-buffers.js'

/** Called with the number of bytes received so far; reading pauses until it resolves. May throw to refuse the body. */
export type BodyGate = (received: number) => Promise<void> | undefined

/** Memory for bytes of all bodies waiting to be written to disk; beyond it, senders are slowed down. */
const waitingRoom = new SharedBuffers(16 * 1024 * 1024, 64 * 1024, 4 * 1024 * 1024)

/** Passes the source's chunks to `consume` in batches: each batch has all chunks that arrived during the previous one. */
export async function drain(
  source: Readable,
  gate: BodyGate,
  consume: (chunks: Buffer[]) => Promise<void>,
): Promise<void> {
  const leave = waitingRoom.join()
  let waiting: Buffer[] = []
  /** Includes bytes being consumed. */
  let waitingBytes = 0
  let received = 0
  let gates = 0
  const outcome: { ended: boolean; failure: Error | undefined } = { ended: false, failure: undefined }
  let wake = (): void => undefined

  const flow = (): void => {
    if (gates > 0 || waitingBytes >= waitingRoom.share) source.pause()
    else source.resume()
  }
  const fail = (error: unknown): void => {
    outcome.failure ??= asError(error)
    wake()
  }
  const passGate = async (): Promise<void> => {
    const pass = gate(received)
    if (pass === undefined) return
    gates++
    flow()
    await pass
    gates--
    flow()
    wake()
  }
  const onData = (chunk: Buffer): void => {
    waiting.push(chunk)
    waitingBytes += chunk.length
    received += chunk.length
    passGate().catch(fail)
    flow()
    wake()
  }
  const onEnd = (): void => {
    outcome.ended = true
    wake()
  }
  const onGone = (): void => {
    if (!outcome.ended)
      fail(new CosError('IncompleteBody', 'The connection ended before the body. Nothing was stored.'))
  }
  const onError = (error: Error): void => {
    // A `CosError` comes from a check of the body during reading, and is reported as it is.
    if (error instanceof CosError) fail(error)
    else onGone()
  }
  source.on('data', onData).on('end', onEnd).on('error', onError).on('close', onGone)
  if (source.destroyed) onGone()
  try {
    for (;;) {
      if (outcome.failure !== undefined) throw outcome.failure
      if (waiting.length > 0) {
        const batch = waiting
        const taken = waitingBytes
        waiting = []
        await consume(batch)
        waitingBytes -= taken
        flow()
      } else if (outcome.ended && gates === 0) {
        return
      } else {
        await new Promise<void>((resolve) => (wake = resolve))
      }
    }
  } finally {
    leave()
    // Keep the error listener: a later connection reset must not end the process.
    source.off('data', onData).off('end', onEnd).off('close', onGone)
    // Read and discard the rest of a refused body, so that the sender can read the answer.
    if (!outcome.ended) source.resume()
  }
}
