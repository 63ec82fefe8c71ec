import { abortScope } from './abort-scope.js'
import { reasonOf } from './clock.js'
import type { Emitter } from './emitter.js'
import type { Clock } from '../ports.js'

/**
 * Resolves after `ms`, or when `changed` emits; rejects with the signal's reason.
 *
 * @param ms `null` to resolve only when `changed` emits
 */
export async function sleepUnless(
  changed: Emitter<void>,
  clock: Clock,
  ms: number | null,
  signal: AbortSignal,
): Promise<void> {
  const { controller, close } = abortScope(signal)
  const woken = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const stopListening = changed.add(() => controller.abort())
  try {
    await (ms === null ? woken : clock.sleep(ms, controller.signal).catch(() => undefined))
    if (signal.aborted) throw reasonOf(signal)
  } finally {
    stopListening()
    close()
  }
}
