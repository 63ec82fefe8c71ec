/** Where choices are remembered across visits; `null` remembers nothing. */
export type ChoiceStorage = Pick<Storage, 'getItem' | 'setItem'> | null

/** `localStorage`, where the browser allows it. Where it is forbidden, even reading the property throws. */
export function browserStorage(): ChoiceStorage {
  try {
    return globalThis.localStorage
  } catch {
    return null
  }
}

/** Returns the remembered value; `null` if there is none or storage cannot be read. */
export function readChoice(storage: ChoiceStorage, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null
  } catch {
    return null
  }
}

/** Remembers a value. If storage is full or forbidden, the choice lasts only for this visit. */
export function writeChoice(storage: ChoiceStorage, key: string, value: string): void {
  try {
    storage?.setItem(key, value)
  } catch {
    return
  }
}
