import { verifyFound } from './found-parts.js'
import { PartQueue } from './part-queue.js'
import { PartSender } from './part-sender.js'
import type { RememberedPart } from '../seams.js'
import type { Session } from '../upload/session.js'
import { TaskGroup } from '../async/task-group.js'
import { triage } from './triage.js'
import type { StoredPartInfo } from '../backend/upload-backend.js'

/** COS takes 50 uploads a second on one key (436/14518); below it with some room. Milliseconds between parts. */
const pace = 1000 / 40
/** Parts that may begin at once after a while of fewer: all lanes at the beginning. With {@link pace} 46 in any second. */
const burst = 6

export interface TransferInput {
  /** Parts that the store holds. */
  readonly stored: readonly StoredPartInfo[]
  /** What this browser knows of this very multipart upload. */
  readonly remembered: readonly RememberedPart[]
  /** Called with the bytes of each stored part that proved equal. */
  readonly onFound: (bytes: number) => void
}

/**
 * Brings every part into the store: sends what is missing and, side by side, verifies what is there. Resolves when
 * each part has a receipt. Rejects as {@link PartSender.attempt}; nothing is under way any more then.
 */
export async function transfer(session: Session, input: TransferInput, signal: AbortSignal): Promise<void> {
  const { layout, receipts, meter } = session
  const stored = session.upload.mode === 'single' ? asStored(session) : input.stored
  const { fixed } = layout
  const { missing, found, lost } = triage(layout.plan, stored, receipts, fixed)
  for (const partNumber of lost) {
    meter.lost(receipts.get(partNumber)?.size ?? 0)
    receipts.delete(partNumber)
  }
  const queue = new PartQueue(missing, found.length, () => {
    settleLayout(session)
    return Array.from({ length: layout.plan.partCount - fixed }, (_, index) => fixed + 1 + index)
  })
  const group = new TaskGroup(signal)
  group.spawn((scope) => sendAll(session, queue, group, scope))
  group.spawn((scope) => verifyFound(session, found, input.remembered, queue, input.onFound, group, scope))
  await group.ended()
}

/** Fits the parts that are not begun to what the line has carried until now. */
export function settleLayout({ engine, layout, meter }: Session): void {
  layout.settle(meter.carriedPerSecond(engine.clock.now()))
}

/** No list tells of a single PUT: what was acknowledged counts until complete says otherwise. */
function asStored({ receipts }: Session): readonly StoredPartInfo[] {
  return [...receipts].map(([partNumber, { size, etag }]) => ({ partNumber, size, etag }))
}

/** Takes part after part as lanes fall free. A part that has to go again waits its time without holding a lane. */
async function sendAll(
  session: Session,
  queue: PartQueue,
  group: TaskGroup,
  signal: AbortSignal,
): Promise<void> {
  const { budget, outage, clock } = session.engine
  const sender = new PartSender(session)
  let notBefore = clock.now() - (burst - 1) * pace
  for (;;) {
    const partNumber = await queue.take(signal)
    if (partNumber === null) return
    const lane = await budget.acquire(session, signal)
    try {
      const wait = notBefore - clock.now()
      if (wait > 0) await clock.sleep(wait, signal)
      notBefore = Math.max(notBefore, clock.now() - (burst - 1) * pace) + pace
      const ticket = await outage.admit(signal)
      group.spawn(async (scope) => {
        const attempt = await sender.attempt(partNumber, ticket, scope).finally(() => lane.release())
        if (attempt.done) {
          queue.settle()
          return
        }
        if (attempt.again > 0) await clock.sleep(attempt.again, scope)
        queue.putBack(partNumber)
      })
    } catch (error) {
      lane.release()
      throw error
    }
  }
}
