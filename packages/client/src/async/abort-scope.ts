/**
 * A controller that is aborted with its parent and can also be aborted by itself. `AbortSignal.any` does the same, but
 * is missing in Safari before 17.4.
 *
 * @returns the controller, and `close`, which removes the listener from the parent: call it when the work has ended
 */
export function abortScope(parent: AbortSignal): {
  readonly controller: AbortController
  readonly close: () => void
} {
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(parent.reason)
  if (parent.aborted) onAbort()
  else parent.addEventListener('abort', onAbort, { once: true })
  return { controller, close: () => parent.removeEventListener('abort', onAbort) }
}
