/** One kind of event and those who listen to it. A listener that throws does not disturb the others. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>()

  /** Returns the way to stop. */
  add(listener: (value: T) => void): () => void {
    // Wrapped, so that one function added twice is called twice and removed once at a time.
    const own = (value: T): void => listener(value)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value)
      } catch (error) {
        // The application's bug must be seen, but not by the upload.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
