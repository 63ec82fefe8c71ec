/** Where choices are remembered over visits; `null`: nowhere. */
export type ChoiceStorage = Pick<Storage, 'getItem' | 'setItem'> | null

/** `localStorage`, where the browser allows it. Reading the property itself throws where it is forbidden. */
export function browserStorage(): ChoiceStorage {
  try {
    return globalThis.localStorage
  } catch {
    return null
  }
}

/** What is remembered; `null` when nothing is, or nothing can be. */
export function readChoice(storage: ChoiceStorage, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null
  } catch {
    return null
  }
}

/** Storage may be full or forbidden; then the choice holds for this visit. */
export function writeChoice(storage: ChoiceStorage, key: string, value: string): void {
  try {
    storage?.setItem(key, value)
  } catch {
    return
  }
}
