import type { RegisteredUpload } from '@carryon/protocol'
import { BackendError } from '../../core/backend-error.js'
import type { Clock } from '../../ports.js'

/** Milliseconds between questions whether the store has joined the parts; about five minutes for 34 GB on COS. */
const shortestAsk = 1_000
const longestAsk = 10_000

/**
 * Asks until the store has joined the parts. Rejects with `upload-gone` when the upload ended otherwise.
 *
 * @param ask to complete, or how it stands; retries by itself
 */
export async function completed(
  ask: () => Promise<RegisteredUpload>,
  clock: Clock,
  signal: AbortSignal,
): Promise<RegisteredUpload> {
  for (let pause = shortestAsk; ; pause = Math.min(longestAsk, pause * 1.5)) {
    const upload = await ask()
    if (upload.state === 'done') return upload
    if (upload.state !== 'completing')
      throw new BackendError('upload-gone', `The server calls the upload ${upload.state}.`)
    await clock.sleep(pause, signal)
  }
}
