import { failsWhenChanged, recheckSamples } from '../upload/finish.js'
import { rangeOf } from '@carryon/protocol'
import type { Session } from '../upload/session.js'
import { crc64TypeOf } from '../backend/upload-backend.js'

/**
 * Makes sure that parts which were read minutes apart are of one state of the file, while it can still be read: once
 * it is gone, nothing tells any more. As thorough as the check before an upload is finished.
 *
 * Rejects when they are not.
 *
 * @param crcs CRC-64 of every part, in order
 * @param rest called after each part with its bytes and the milliseconds that it took, to leave the machine to the sending
 */
export async function checkOneState(
  session: Session,
  crcs: readonly string[],
  rest: (bytes: number, took: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { engine, file, plan, upload } = session
  const thorough = engine.recheck ?? (failsWhenChanged(file) ? 'samples' : 'full')
  if (thorough === 'samples') {
    await recheckSamples(session, signal)
    return
  }
  for (const [index, expected] of crcs.entries()) {
    const began = engine.clock.now()
    const { start, end } = rangeOf(plan, index + 1)
    const { crc64 } = await engine.hasher.hash([file.slice(start, end)], [crc64TypeOf(upload)], signal)
    if (crc64 !== expected) throw new Error(`Part ${index + 1} has changed since it was read.`)
    await rest(end - start, engine.clock.now() - began)
  }
}
