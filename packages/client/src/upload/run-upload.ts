import { BackendError } from '../core/backend-error.js'
import { classifyFailure, nextStep } from '../core/retry-policy.js'
import { aboutFile, toUploadError } from '../core/upload-errors.js'
import type { Fingerprint } from '../content/fingerprint.js'
import type { UploadResult } from '../upload-types.js'
import type { OtherTabs } from './other-tabs.js'
import type { RunState } from './run-state.js'
import { complete, completeIfAsked } from './steps/complete.js'
import { findEarlierState, identify, sameNameUploads } from './steps/identify.js'
import { forgetRemembered } from './steps/discard.js'
import { open } from './steps/open.js'
import { transferParts } from './steps/transfer-parts.js'
import type { RunControl, RunSignals, UploadJob } from './upload-job.js'

/**
 * Runs one upload from the picked file to its URL. It may be aborted and run again at any point: what was acknowledged
 * and verified is kept in `state` and not repeated.
 *
 * Rejects with any error of the ports, or with the signal's reason.
 */
export async function runUpload(
  job: UploadJob,
  state: RunState,
  otherTabs: OtherTabs,
  { signal, dispatch }: RunSignals,
): Promise<UploadResult> {
  const { context, file } = job
  const queue = (): void => dispatch({ type: 'wait', reason: 'queue' })
  const slot = context.slotFor(file.size)
  const control = { slot, signal, dispatch }
  await slot.acquire(signal, queue)
  try {
    dispatch({ type: 'identify' })
    const sameName = sameNameUploads(job, state)
    const fingerprint = await identify(job, state, signal)
    context.resumed.replace(fingerprint.identity, file)
    await otherTabs.take(fingerprint.identity, signal, (reason) => {
      // The wait for another tab may take hours: do not block other files meanwhile.
      slot.release()
      dispatch({ type: 'wait', reason })
    })
    await slot.acquire(signal, queue)
    await findEarlierState(job, state, fingerprint, await sameName, control)
    await file.refresh?.()
    const result = await openUntilDone(job, state, fingerprint, control)
    // Not awaited: if a crash interrupts it, the next page cleans up.
    if (state.upload?.mode !== 'single') void forgetRemembered(context.memory, job.expected, state)
    return result
  } finally {
    slot.release()
  }
}

/** Reopens, a bounded number of times, when the upload is gone or the store lacks parts that it had acknowledged. */
async function openUntilDone(
  job: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  control: RunControl,
): Promise<UploadResult> {
  const { retry, random } = job.context
  for (let openings = 0; ;) {
    const before = state.uploaded.size
    try {
      return await openAndSend(job, state, fingerprint, control)
    } catch (error) {
      const action = classifyFailure(error)
      if (action.do !== 'reopen') throw error
      openings = state.uploaded.size > before ? 0 : openings + 1
      if (nextStep(action, { openings }, retry, random()).do === 'give-up')
        throw toUploadError(error, aboutFile(job.file))
      state.lost(error instanceof BackendError ? error.partNumbers : [])
    }
  }
}

async function openAndSend(
  job: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  control: RunControl,
): Promise<UploadResult> {
  const asked = await completeIfAsked(job, state, control)
  if (asked !== null) return asked
  const opened = await open(job, state, fingerprint, control)
  if ('result' in opened) return opened.result
  const run = await transferParts(job, state, fingerprint, opened, control)
  return complete(job, state, run, control)
}
