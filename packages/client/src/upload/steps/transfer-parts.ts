import { sizeOf } from '@carryon/protocol'
import type { AccessAnswer } from '@carryon/protocol'
import type { Fingerprint } from '../../content/fingerprint.js'
import { RenewableGrant } from '../../transfer/renewable-grant.js'
import type { RunContext } from '../../transfer/run-context.js'
import type { RunState } from '../run-state.js'
import { termsOf } from '../server-calls.js'
import type { RunControl, UploadJob } from '../upload-job.js'
import type { Opened } from './open.js'

/** Brings every part into the store. Answers what complete needs to know of it. */
export async function transferParts(
  job: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  { opened, layout, remembered }: Opened,
  control: RunControl,
): Promise<RunContext> {
  const { context, file, meter, onProgress } = job
  const { upload, checksums, parts: stored } = opened
  const run: RunContext = {
    context,
    file,
    fingerprint,
    upload,
    layout,
    get plan() {
      return layout.plan
    },
    checksums,
    grant: grantOf(job, { opened, layout }, control),
    uploaded: state.uploaded,
    verifiedBy: state.verifiedBy,
    meter,
    onProgress,
  }
  const onFound = (bytes: number): void => {
    state.resumedBytes += bytes
  }
  await job.transfer.run(run, { stored, remembered, onFound }, control)
  return run
}

/** What an opening allows, until the upload's run ends. */
function grantOf(
  { context: { storeClock, createSigner, clock, usual }, calls, transfer }: UploadJob,
  { opened, layout }: Pick<Opened, 'opened' | 'layout'>,
  { signal, dispatch }: RunControl,
): RenewableGrant {
  const { upload } = opened
  const renew = async (
    partNumbers: readonly number[] | undefined,
    scope: AbortSignal,
  ): Promise<AccessAnswer> => {
    // Trouble with a renewal ahead of time is nobody's concern while nothing is sent.
    const terms = termsOf(scope, (event) => {
      if (transfer.isUnderWay) dispatch(event)
    })
    const sizes = partNumbers?.map((partNumber) => sizeOf(layout.plan, partNumber))
    const renewed = await calls.renewAccess(upload.id, partNumbers, sizes, terms)
    transfer.show()
    return renewed
  }
  return new RenewableGrant({
    upload,
    lastPart: () => layout.fixed,
    first: opened,
    takesForms: () => usual.forms !== false,
    now: () => clock.now(),
    clock: storeClock,
    signal,
    renew,
    ...(createSigner === undefined ? {} : { createSigner }),
  })
}
