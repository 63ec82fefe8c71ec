/**
 * An observable value. It has the shape that React's `useSyncExternalStore` expects, and is easily bound to the
 * signals, refs or stores of other frameworks.
 *
 * @example
 * const { state, progress } = useSyncExternalStore(row.subscribe, () => row.snapshot)
 */
export interface Store<T> {
  /** The current value: the same object until something changed. */
  readonly snapshot: T
  /** Calls the listener after each change; returns a function that unsubscribes. It does not depend on `this`. */
  readonly subscribe: (listener: () => void) => () => void
}

/** Notifies listeners. Its members are created lazily, because most rows of a long list have no listener. */
export abstract class Subscribable {
  #listeners: Set<() => void> | null = null
  #subscribe: ((listener: () => void) => () => void) | null = null

  /** Calls the listener after each change; returns a function that unsubscribes. Always the same function. */
  get subscribe(): (listener: () => void) => () => void {
    this.#subscribe ??= (listener) => {
      const listeners = (this.#listeners ??= new Set())
      // A new function for each call, because the same listener may subscribe twice.
      const own = (): void => listener()
      listeners.add(own)
      return () => void listeners.delete(own)
    }
    return this.#subscribe
  }

  /** Calls all listeners. */
  protected tell(): void {
    if (this.#listeners !== null) for (const listener of [...this.#listeners]) listener()
  }
}

/** A store whose value is set. */
export class ValueStore<T> extends Subscribable implements Store<T> {
  #snapshot: T

  constructor(initial: T) {
    super()
    this.#snapshot = initial
  }

  get snapshot(): T {
    return this.#snapshot
  }

  /** Does nothing if the value is the same. */
  set(value: T): void {
    if (Object.is(value, this.#snapshot)) return
    this.#snapshot = value
    this.tell()
  }
}

/** A store whose value is computed from other state when it is read. */
export class DerivedStore<T> extends Subscribable implements Store<T> {
  readonly #make: () => T
  #made: { readonly snapshot: T } | null = null

  constructor(make: () => T) {
    super()
    this.#make = make
  }

  get snapshot(): T {
    this.#made ??= { snapshot: this.#make() }
    return this.#made.snapshot
  }

  /** Invalidates the value without notifying listeners. */
  expire(): void {
    this.#made = null
  }

  /** Invalidates the value and notifies listeners. */
  changed(): void {
    this.expire()
    this.tell()
  }
}

/** Memoizes the last call: equal arguments return the same object. */
export function memoLast<A extends readonly unknown[], T>(make: (...args: A) => T): (...args: A) => T {
  let last: { readonly args: A; readonly answer: T } | null = null
  return (...args) => {
    if (last === null || !args.every((arg, index) => Object.is(arg, last?.args[index]))) {
      last = { args, answer: make(...args) }
    }
    return last.answer
  }
}
