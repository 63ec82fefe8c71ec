import type { ProgressMeter } from '../core/progress.js'
import type { FileSource } from '../ports.js'
import { PartsTransfer } from './parts-transfer.js'
import { ServerCalls } from './server-calls.js'
import type { UploadContext } from './upload-context.js'
import type { RunOptions, UploadJob } from './upload-job.js'

/** @param onProgress called when something that `meter` counts, or the comparison with what is stored, has changed */
export function createJob(
  context: UploadContext,
  file: FileSource,
  { expected, onDuplicate, metadata }: RunOptions,
  meter: ProgressMeter,
  onProgress: () => void,
): UploadJob {
  return {
    context,
    file,
    expected,
    onDuplicate,
    calls: new ServerCalls(context, metadata),
    transfer: new PartsTransfer(context, meter),
    meter,
    onProgress,
  }
}
