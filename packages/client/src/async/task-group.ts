import { abortScope } from './abort-scope.js'

/** Work that runs side by side and ends together: the first failure aborts the rest. */
export class TaskGroup {
  readonly #scope: ReturnType<typeof abortScope>
  readonly #running = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | null = null

  constructor(parent: AbortSignal) {
    this.#scope = abortScope(parent)
  }

  /** Starts `work` now; more may be started from within. */
  spawn(work: (signal: AbortSignal) => Promise<void>): void {
    const { controller } = this.#scope
    const task = work(controller.signal)
      .catch((error: unknown) => {
        this.#failure ??= { error }
        controller.abort(error)
      })
      .finally(() => this.#running.delete(task))
    this.#running.add(task)
  }

  /** Resolves when all work has ended; then throws what failed first. */
  async ended(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
    this.#scope.close()
    if (this.#failure !== null) throw this.#failure.error
  }
}
