import type { HookControl } from './hook-types.js'

/** A hook that took too long. */
export class HookTimeout extends Error {
  override readonly name = 'HookTimeout'
}

/**
 * Calls a hook and waits for it so long. What it answers later is dropped.
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
  // A hook that throws at once rejects as well.
  const answer = (async () => hook({ signal: controller.signal }))()
  // Once it is late, nobody waits for its error.
  answer.catch(() => undefined)
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
