import { combineAll } from '@carryon/object-store'
import { crc64TypeOf } from '../backend/upload-backend.js'
import { failsWhenChanged, recheckSamples } from '../upload/finish.js'
import type { RunContext } from '../upload/run-context.js'
import { sized } from './stretch-crcs.js'
import type { Stretch } from './stretch-crcs.js'

/**
 * Makes sure that stretches which were read minutes apart are of one state of the file, while it can still be read: once
 * it is gone, nothing tells any more. As thorough as the check before an upload is finished.
 *
 * Rejects when they are not.
 *
 * @param stretches of the whole file, in order
 * @param readSize bytes that are read at once, or somewhat more
 * @param rest called after each reading with its bytes and the milliseconds that it took, to leave the machine to the sending
 */
export async function checkOneState(
  run: RunContext,
  stretches: readonly Stretch[],
  readSize: number,
  rest: (bytes: number, took: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { context, file, upload } = run
  const thorough = context.recheck ?? (failsWhenChanged(file) ? 'samples' : 'full')
  if (thorough === 'samples') {
    await recheckSamples(run, signal)
    return
  }
  const crc64Type = crc64TypeOf(upload)
  for (let done = 0; done < stretches.length;) {
    const began = context.clock.now()
    const together: Stretch[] = []
    for (let bytes = 0; bytes < readSize && done < stretches.length; done++) {
      const stretch = stretches[done]
      if (stretch === undefined) break
      together.push(stretch)
      bytes += stretch.end - stretch.start
    }
    const [start, end] = [together[0]?.start ?? 0, together.at(-1)?.end ?? 0]
    const { crc64 } = await context.hasher.hash([file.slice(start, end)], [crc64Type], signal)
    if (crc64 !== combineAll(together.map(sized), crc64Type)) {
      throw new Error(`Bytes ${start} to ${end} have changed since they were read.`)
    }
    await rest(end - start, context.clock.now() - began)
  }
}
