/**
 * A value that changes. It has the shape that React's `useSyncExternalStore` asks for, and is as easily bound to the
 * signals, refs or stores of another framework.
 *
 * @example
 * const { state, progress } = useSyncExternalStore(row.subscribe, () => row.snapshot)
 */
export interface Store<T> {
  /** How things stand: the same object until something changed. */
  readonly snapshot: T
  /** Calls back after each change; returns the way to stop. It may be passed on without its store. */
  readonly subscribe: (listener: () => void) => () => void
}

/** Tells listeners. What it is made of is made when it is wanted: most rows of a long list have no listener. */
export abstract class Subscribable {
  #listeners: Set<() => void> | null = null
  #subscribe: ((listener: () => void) => () => void) | null = null

  /** Calls back after each change; returns the way to stop. The same function each time. */
  get subscribe(): (listener: () => void) => () => void {
    this.#subscribe ??= (listener) => {
      const listeners = (this.#listeners ??= new Set())
      // Another one for each call: the same function may listen twice.
      const own = (): void => listener()
      listeners.add(own)
      return () => void listeners.delete(own)
    }
    return this.#subscribe
  }

  /** Calls whoever listens. */
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

  /** What is there already changes nothing. */
  set(value: T): void {
    if (Object.is(value, this.#snapshot)) return
    this.#snapshot = value
    this.tell()
  }
}

/** A store whose value is made, when it is read, of what is kept elsewhere. */
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

  /** It is to be made anew, and nobody has to know at once. */
  expire(): void {
    this.#made = null
  }

  /** It is to be made anew, and listeners are told. */
  changed(): void {
    this.expire()
    this.tell()
  }
}

/** Remembers the last answer: equal arguments get the same object. */
export function memoLast<A extends readonly unknown[], T>(make: (...args: A) => T): (...args: A) => T {
  let last: { readonly args: A; readonly answer: T } | null = null
  return (...args) => {
    if (last === null || !args.every((arg, index) => Object.is(arg, last?.args[index]))) {
      last = { args, answer: make(...args) }
    }
    return last.answer
  }
}
