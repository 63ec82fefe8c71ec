import { browserStorage, readChoice, writeChoice, type ChoiceStorage } from '../storage.js'

/** A yes-or-no choice that is remembered across visits. */
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
  const stored = readChoice(storage, key)
  let value = stored === 'yes' || (stored !== 'no' && fallback)
  return {
    get: () => value,
    set: (chosen) => {
      value = chosen
      writeChoice(storage, key, chosen ? 'yes' : 'no')
    },
  }
}
