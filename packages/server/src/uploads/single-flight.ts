/** Makes concurrent calls with the same key share one run. */
export class SingleFlight<Result> {
  readonly #running = new Map<string, Promise<Result>>()

  /** `joined` is true when another caller's run was already under way. */
  run(
    key: string,
    start: () => Promise<Result>,
  ): { readonly result: Promise<Result>; readonly joined: boolean } {
    const running = this.#running.get(key)
    if (running !== undefined) return { result: running, joined: true }
    const result = start().finally(() => this.#running.delete(key))
    this.#running.set(key, result)
    return { result, joined: false }
  }

  get(key: string): Promise<Result> | undefined {
    return this.#running.get(key)
  }

  /** Resolves once all current runs have ended, whether they succeed or fail. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running.values())
  }
}
