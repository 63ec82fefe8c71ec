import { verifyFound } from './found-parts.js'
import { PartQueue } from './part-queue.js'
import { longestDrain } from './draining.js'
import type { Draining } from './draining.js'
import { unlessAborted } from '../async/unless-aborted.js'
import { abortScope } from '../async/abort-scope.js'
import type { BreakerPermit } from './circuit-breaker.js'
import { sizeOf } from '@carryon/protocol'
import { PartSender } from './part-sender.js'
import type { Attempt } from './part-sender.js'
import type { RememberedPart } from '../ports.js'
import type { RunContext } from './run-context.js'
import { TaskGroup } from '../async/task-group.js'
import { nextPartSize } from './part-sizing.js'
import type { Permit } from './request-pool.js'
import { reconcileParts } from './reconcile-parts.js'
import type { StoredPartInfo } from '@carryon/protocol'

/** Milliseconds between parts. COS accepts 50 uploads per second on one key (436/14518); this stays below that. */
const pace = 1000 / 40
/** Parts that may start at once at the beginning or after a slow period; with {@link pace}, 46 within one second. */
const burst = 6

export interface TransferInput {
  /** Parts that the store holds. */
  readonly stored: readonly StoredPartInfo[]
  /** Parts that this browser remembers of this multipart upload. */
  readonly remembered: readonly RememberedPart[]
  /** Called with the size of each stored part that equals the file. */
  readonly onFound: (bytes: number) => void
}

/**
 * Sends the missing parts and, in parallel, verifies the parts that the store already holds. Resolves when every part
 * is uploaded and verified. Rejects like {@link PartSender.attempt}, after all requests have ended.
 */
export async function transfer(
  run: RunContext,
  input: TransferInput,
  draining: Draining,
  signal: AbortSignal,
): Promise<void> {
  const { layout, uploaded, meter } = run
  const stored = run.upload.mode === 'single' ? asStored(run) : input.stored
  const { fixed } = layout
  const { missing, found, lost } = reconcileParts(layout.plan, stored, uploaded, fixed)
  for (const partNumber of lost) {
    meter.lost(uploaded.get(partNumber)?.size ?? 0)
    uploaded.delete(partNumber)
  }
  const queue = new PartQueue(missing, found.length, (scope) => nextGroup(run, scope))
  const group = new TaskGroup(signal)
  group.spawn((scope) => sendUntilDrained(run, queue, group, draining, scope))
  group.spawn((scope) => verifyFound(run, found, input.remembered, queue, input.onFound, group, scope))
  await group.ended()
}

/**
 * Decides the size of the next parts as late as possible, when one of them could be sent: the speed is known best then.
 */
async function nextGroup(run: RunContext, signal: AbortSignal): Promise<readonly number[]> {
  const { context, layout } = run
  if (layout.isSettled) return []
  await context.pool.whenFree(run, layout.plan.runs[0]?.partSize ?? 1, signal)
  return decideGroup(run)
}

function decideGroup({ context: { pool }, layout }: RunContext): readonly number[] {
  const first = layout.plan.runs[0]?.partSize ?? 1
  const { fixed: used, rest, lastSize: before } = layout
  layout.extend(nextPartSize({ first, before, rest, used, speed: pool.speed, isMeasured: pool.isMeasured }))
  return Array.from({ length: layout.fixed - used }, (_, index) => used + 1 + index)
}

/** The store does not list a single PUT: what was acknowledged counts until the complete step finds otherwise. */
function asStored({ uploaded }: RunContext): readonly StoredPartInfo[] {
  return [...uploaded].map(([partNumber, { size, etag }]) => ({ partNumber, size, etag }))
}

/** Like {@link sendAll}; after draining has begun, requests under way continue until `signal` ends them. */
async function sendUntilDrained(
  run: RunContext,
  queue: PartQueue,
  group: TaskGroup,
  draining: Draining,
  signal: AbortSignal,
): Promise<void> {
  const { controller, close } = abortScope(signal)
  const stopListening = draining.onBegin(() => controller.abort(new Error('Paused.')))
  try {
    await sendAll(run, queue, group, draining, controller.signal)
  } catch (error) {
    if (!draining.isBegun || signal.aborted) throw error
    await unlessAborted(new Promise<never>(() => undefined), signal)
  } finally {
    close()
    stopListening()
  }
}

/** Sends part after part as the pool grants permits. A part that has to be retried holds no permit while it waits. */
async function sendAll(
  run: RunContext,
  queue: PartQueue,
  group: TaskGroup,
  draining: Draining,
  signal: AbortSignal,
): Promise<void> {
  const { context, layout, grant } = run
  const { pool, breaker, clock } = context
  const sender = new PartSender(run)
  let notBefore = clock.now() - (burst - 1) * pace
  for (;;) {
    const partNumber = await queue.take(signal)
    if (partNumber === null) return
    // A URL is signed for the size of its part, so decide the next sizes a little earlier to have the URLs in time.
    if (grant.isByUrl && pool.isMeasured && !layout.isSettled && partNumber === layout.fixed - 1) {
      const due = layout.fixed + 1
      queue.add(decideGroup(run))
      grant.expect(due)
    }
    const permit = await pool.acquire(run, sizeOf(run.plan, partNumber), signal)
    try {
      const wait = notBefore - clock.now()
      if (wait > 0) await clock.sleep(wait, signal)
      notBefore = Math.max(notBefore, clock.now() - (burst - 1) * pace) + pace
      const breakerPermit = await breaker.admit(signal)
      group.spawn(async (scope) => {
        const attempt = await attemptOf(sender, partNumber, breakerPermit, permit, draining, scope)
        if (attempt.done) {
          queue.settle()
          return
        }
        if (attempt.again > 0) await clock.sleep(attempt.again, scope)
        queue.putBack(partNumber)
      })
    } catch (error) {
      permit.release()
      throw error
    }
  }
}

/** Makes one attempt and then releases the permit. An attempt that had to give way to others is made again. */
async function attemptOf(
  sender: PartSender,
  partNumber: number,
  breakerPermit: BreakerPermit,
  permit: Permit,
  draining: Draining,
  signal: AbortSignal,
): Promise<Attempt> {
  const { controller, close } = abortScope(signal)
  const giveWay = (): void => controller.abort(permit.yielded.reason)
  if (permit.yielded.aborted) giveWay()
  else permit.yielded.addEventListener('abort', giveWay, { once: true })
  const stopListening = draining.onBegin(() => {
    const left = permit.timeLeft()
    if (left === null || left > longestDrain) controller.abort(new Error('Paused.'))
  })
  const leave = draining.entered()
  try {
    return await sender.attempt(partNumber, breakerPermit, permit, draining, controller.signal)
  } catch (error) {
    if (controller.signal.aborted && !signal.aborted) return { done: false, again: 0 }
    throw error
  } finally {
    close()
    stopListening()
    leave()
    permit.release()
  }
}
