import type { HookControl } from './hook-types.js'

/** A hook did not answer in time. */
export class HookTimeout extends Error {
  override readonly name = 'HookTimeout'
}

/**
 * Calls a hook and waits for its answer at most `timeout` milliseconds. A later answer is dropped.
 *
 * @param timeout milliseconds
 * @throws HookTimeout, or what the hook throws.
 */
export async function callHook<Answer>(
  hook: (control: HookControl) => Answer | Promise<Answer>,
  timeout: number,
): Promise<Answer> {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new HookTimeout(`the hook did not answer within ${timeout} ms`)
      reject(error)
      controller.abort(error)
    }, timeout)
  })
  // The async wrapper turns a synchronous throw into a rejection.
  const answer = (async () => hook({ signal: controller.signal }))()
  // After the timeout nobody awaits `answer`: its rejection must not be unhandled.
  answer.catch(() => undefined)
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
