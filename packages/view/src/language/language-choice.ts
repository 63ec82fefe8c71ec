import { languages, pickLanguage, type Language } from '../language.js'
import { browserStorage, readChoice, writeChoice, type ChoiceStorage } from '../storage.js'
import { ValueStore, type Store } from '../store.js'
import { en } from './en.js'
import type { Messages } from './messages.js'
import { zh } from './zh.js'

const dictionaries: Readonly<Record<Language, Messages>> = { zh, en }
const storageKey = 'carryon-language'

/** Everything that is said, in one language. */
export function messagesIn(language: Language): Messages {
  return dictionaries[language]
}

/** Options of `createLanguageChoice`. */
export interface LanguageChoiceOptions {
  /**
   * BCP 47 tags, best first. A page that a server renders gives both sides the same ones, such as those of the request's
   * `Accept-Language`.
   *
   * @default the browser's; English on a server
   */
  readonly preferred?: readonly string[]
  /**
   * Where the choice is remembered.
   *
   * @default `localStorage`, where the browser allows it
   */
  readonly storage?: ChoiceStorage
}

/** The language that is shown. */
export interface ChosenLanguage extends Store<Language> {
  /** Another language, from now on and on later visits. */
  readonly choose: (language: Language) => void
  /**
   * Takes up what was chosen on an earlier visit; only the first call counts. Call it once the page is mounted: a server that
   * renders it does not know it, and the first rendering of both must be the same.
   */
  readonly recall: () => void
  /** Whether there is nothing to recall any more. */
  readonly isRecalled: () => boolean
}

/** The reader's language: what was chosen last, else what the browser prefers. */
export function createLanguageChoice(options: LanguageChoiceOptions = {}): ChosenLanguage {
  const preferred = options.preferred ?? (typeof document === 'undefined' ? [] : navigator.languages)
  const storage = (): ChoiceStorage => (options.storage === undefined ? browserStorage() : options.storage)
  const store = new ValueStore(pickLanguage(preferred))
  let isRecalled = false
  return {
    get snapshot() {
      return store.snapshot
    },
    subscribe: store.subscribe,
    choose: (language) => {
      // Only a choice is remembered: who never chose keeps following the browser.
      if (language === store.snapshot) return
      isRecalled = true
      writeChoice(storage(), storageKey, language)
      store.set(language)
    },
    recall: () => {
      if (isRecalled) return
      isRecalled = true
      const stored = readChoice(storage(), storageKey)
      store.set(languages.find((language) => language === stored) ?? store.snapshot)
    },
    isRecalled: () => isRecalled,
  }
}
