/**
 * Tasks that run concurrently and end together: the first failure aborts the rest. Each task has its own signal,
 * because many listeners on one signal look like a leak (Node warns from eleven on).
 */
export class TaskGroup {
  readonly #parent: AbortSignal
  readonly #running = new Map<AbortController, Promise<void>>()
  readonly #onAbort = (): void => this.#abort(this.#parent.reason)
  #aborted: { readonly reason: unknown } | null = null
  #failure: { readonly error: unknown } | null = null

  constructor(parent: AbortSignal) {
    this.#parent = parent
    if (parent.aborted) this.#onAbort()
    else parent.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** Starts `work` now; it may spawn further tasks. */
  spawn(work: (signal: AbortSignal) => Promise<void>): void {
    const controller = new AbortController()
    if (this.#aborted !== null) controller.abort(this.#aborted.reason)
    const task = work(controller.signal)
      .catch((error: unknown) => {
        this.#failure ??= { error }
        this.#abort(error)
      })
      .finally(() => this.#running.delete(controller))
    this.#running.set(controller, task)
  }

  /** Resolves when all tasks have ended; rejects with the first failure, if any. */
  async ended(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values())
    this.#parent.removeEventListener('abort', this.#onAbort)
    if (this.#failure !== null) throw this.#failure.error
  }

  #abort(reason: unknown): void {
    if (this.#aborted !== null) return
    this.#aborted = { reason }
    for (const controller of this.#running.keys()) controller.abort(reason)
  }
}
