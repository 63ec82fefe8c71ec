import { combineAll } from '@carryon/hash'
import { crc64TypeOf } from '../../backend/upload-backend.js'
import { failsWhenChanged, recheckSamples } from '../../content/recheck.js'
import type { RunContext } from '../../transfer/run-context.js'
import { sized } from './range-crcs.js'
import type { CrcRange } from './range-crcs.js'

/**
 * Makes sure that ranges which were read minutes apart are of one state of the file, while it can still be read: once
 * it is gone, nothing tells any more. As thorough as the check before an upload is finished.
 *
 * Rejects when they are not.
 *
 * @param crcRanges of the whole file, in order
 * @param readSize bytes that are read at once, or somewhat more
 * @param rest called after each reading with its bytes and the milliseconds that it took, to leave the machine to the sending
 */
export async function checkConsistent(
  run: RunContext,
  crcRanges: readonly CrcRange[],
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
  for (let done = 0; done < crcRanges.length;) {
    const began = context.clock.now()
    const together: CrcRange[] = []
    for (let bytes = 0; bytes < readSize && done < crcRanges.length; done++) {
      const crcRange = crcRanges[done]
      if (crcRange === undefined) break
      together.push(crcRange)
      bytes += crcRange.end - crcRange.start
    }
    const [start, end] = [together[0]?.start ?? 0, together.at(-1)?.end ?? 0]
    const { crc64 } = await context.hasher.hash([file.slice(start, end)], [crc64Type], signal)
    if (crc64 !== combineAll(together.map(sized), crc64Type)) {
      throw new Error(`Bytes ${start} to ${end} have changed since they were read.`)
    }
    await rest(end - start, context.clock.now() - began)
  }
}
