/** One kind of event and its listeners. A listener that throws does not affect the others. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>()

  /** Returns a function that removes the listener. */
  add(listener: (value: T) => void): () => void {
    // Wrap the listener, so that a function added twice is called twice and removed one at a time.
    const own = (value: T): void => listener(value)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value)
      } catch (error) {
        // Report the application's bug without failing the upload.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
