import type { ProgressMeter } from './progress.js'
import type { Clock } from './seams.js'

/** Milliseconds that are not looked at: what socket buffers swallow at first says nothing of the line. */
const swallowing = 700
/** Milliseconds of one look. */
const looking = 1_000
/** Looks in a row that have to agree: one may be a hiccup. */
const looks = 2

/**
 * Whether a line is too slow, on which no part has arrived yet; as soon as it can be told.
 *
 * @param isTooSlow by bytes per second
 * @param hasArrived whether the store has acknowledged a part
 * @returns false when a part arrived first. Rejects with the signal's reason.
 */
export async function isSlowLine(
  meter: ProgressMeter,
  isTooSlow: (speed: number) => boolean,
  hasArrived: () => boolean,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const sent = (): number => meter.snapshot(clock.now()).sent
  await clock.sleep(swallowing, signal)
  for (let slow = 0; slow < looks;) {
    const [before, began] = [sent(), clock.now()]
    await clock.sleep(looking, signal)
    if (hasArrived()) return false
    // Less than before: connections failed, which says nothing of what the line carries. Nothing before: it only begins.
    const moved = sent() - before
    const tells = before > 0 && moved >= 0
    slow = tells && isTooSlow((moved * 1000) / (clock.now() - began)) ? slow + 1 : 0
  }
  return true
}
