/** What a choice is remembered in. */
export type ChoiceStorage = Pick<Storage, 'getItem' | 'setItem'> | null

/** A yes or no that lasts over visits. */
export interface RememberedChoice {
  readonly get: () => boolean
  readonly set: (chosen: boolean) => void
}

/** @param storage default: `localStorage`, where the browser allows it */
export function rememberedChoice(
  key: string,
  fallback: boolean,
  storage: ChoiceStorage = browserStorage(),
): RememberedChoice {
  let value = read(storage, key) ?? fallback
  return {
    get: () => value,
    set: (chosen) => {
      value = chosen
      try {
        storage?.setItem(key, chosen ? 'yes' : 'no')
      } catch {
        // Storage may be full or forbidden; then the choice holds for this visit.
      }
    },
  }
}

function read(storage: ChoiceStorage, key: string): boolean | undefined {
  try {
    const stored = storage?.getItem(key)
    return stored === 'yes' ? true : stored === 'no' ? false : undefined
  } catch {
    return undefined
  }
}

/** Reading the property itself throws where the browser forbids storage. */
function browserStorage(): ChoiceStorage {
  try {
    return globalThis.localStorage
  } catch {
    return null
  }
}
