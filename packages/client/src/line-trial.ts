import type { ProgressMeter } from './progress.js'
import type { Clock } from './seams.js'

/** Milliseconds that are not looked at: what socket buffers swallow at first says nothing of the line. */
const swallowing = 700
/** Milliseconds from one look to the next. */
const looking = 1_000

/**
 * The speed of a line on which no part has arrived yet, as soon as it can be told.
 *
 * @param hasArrived whether the store has acknowledged a part
 * @returns bytes per second; `null` when a part arrived first. Rejects with the signal's reason.
 */
export async function speedBeforeFirstPart(
  meter: ProgressMeter,
  hasArrived: () => boolean,
  clock: Clock,
  signal: AbortSignal,
): Promise<number | null> {
  const sent = (): number => meter.snapshot(clock.now()).sent
  await clock.sleep(swallowing, signal)
  for (let flowed = sent() > 0; ;) {
    const [before, began] = [sent(), clock.now()]
    await clock.sleep(looking, signal)
    if (hasArrived()) return null
    const moved = sent() - before
    // A look in which the sending began, or went on after it had stood still, shows less than the line carries.
    if (flowed && moved > 0) return (moved * 1000) / (clock.now() - began)
    flowed = moved > 0
  }
}
