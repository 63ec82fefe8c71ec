import type { OpenedUpload, RegisteredUpload } from '@carryon/protocol'
import type { Fingerprint } from '../../content/fingerprint.js'
import type { RememberedPart } from '../../ports.js'
import type { PartLayout } from '../../transfer/part-layout.js'
import type { UploadResult } from '../../upload-types.js'
import { layoutOf } from './layout-of.js'
import type { RunState } from '../run-state.js'
import type { RunControl, UploadJob } from '../upload-job.js'
import { resultOf } from '../upload-result.js'
import { adoptFinished, adoptIfFinished } from './adopt-finished.js'
import { askToOpen } from './ask-to-open.js'

/** An upload of which parts may be missing. */
export interface Opened {
  readonly opened: OpenedUpload
  readonly layout: PartLayout
  /** What this browser knows of this very multipart upload. */
  readonly remembered: readonly RememberedPart[]
}

/** Opens the file's upload. Answers the result at once where nothing is left to send. */
export async function open(
  job: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  control: RunControl,
): Promise<Opened | { readonly result: UploadResult }> {
  const { context, file } = job
  const finished = await adoptIfFinished(job, state, control)
  if (finished !== null) return { result: finished }
  const [opened, known] = await askToOpen(job, state, fingerprint, control)
  const { upload } = opened
  if ('by' in opened) {
    state.upload = upload
    return { result: { ...resultOf(upload, opened.by), reused: true } }
  }
  const layout = state.opened(upload, (before) => layoutOf(context, file, opened, before))
  if (upload.state !== 'open') {
    control.dispatch({ type: 'finish' })
    const result = await adoptFinished(job, state, upload, layout, control)
    state.resumedBytes = upload.size
    return { result }
  }
  const isKnown = known?.id === upload.id && known.uploadId === upload.uploadId && known.size === upload.size
  if (!isKnown) remember(job, state, upload)
  return { opened, layout, remembered: isKnown ? known.parts : [] }
}

/** Not waited for: it is only a memory, and the first byte is not to wait for a disk. */
function remember(
  { context: { memory }, file: { name, size } }: UploadJob,
  { earlier }: RunState,
  { mode, identity, id, uploadId, partSize }: RegisteredUpload,
): void {
  if (mode === 'single') return
  const head = { identity, id, uploadId, partSize, name, size }
  // First, for it is the same upload: its parts are remembered by its id.
  if (earlier?.id !== id) void memory.begin(head)
  else void memory.delete(earlier.identity).then(() => memory.begin(head))
}
