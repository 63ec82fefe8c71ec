import { pickLanguage, type Language } from '../language.js'
import { browserStorage, readChoice, writeChoice, type ChoiceStorage } from '../storage.js'
import { ValueStore, type Store } from '../store.js'
import { en } from './en.js'
import type { Messages } from './messages.js'
import { zh } from './zh.js'

/** Texts by language: a BCP 47 tag each. */
export type MessagesByLanguage = Readonly<Record<Language, Messages>>

const builtIn: MessagesByLanguage = { zh, en }
const storageKey = 'carryon-language'

/**
 * Everything that is said, in one language; in English where it has no texts.
 *
 * @param texts default: Chinese and English
 */
export function messagesIn(language: Language, texts: MessagesByLanguage = builtIn): Messages {
  return texts[language] ?? texts['en'] ?? en
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
  /**
   * The texts of every language that can be chosen, by BCP 47 tag.
   *
   * @default Chinese and English
   * @example { en, zh, fr: { ...en, locale: 'fr', pause: 'Pause' } }
   */
  readonly messages?: MessagesByLanguage
}

/** The language that is shown. */
export interface ChosenLanguage extends Store<Language> {
  /** Every language that can be chosen, in the order of their texts. */
  readonly languages: readonly Language[]
  /** Everything that is said, in one of them. */
  readonly messagesIn: (language: Language) => Messages
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
  const texts = options.messages ?? builtIn
  const spoken = Object.keys(texts)
  const store = new ValueStore(pickLanguage(preferred, spoken))
  let isRecalled = false
  return {
    languages: spoken,
    messagesIn: (language) => messagesIn(language, texts),
    get snapshot() {
      return store.snapshot
    },
    subscribe: store.subscribe,
    choose: (language) => {
      // Only a choice is remembered: who never chose keeps following the browser.
      if (language === store.snapshot || !spoken.includes(language)) return
      isRecalled = true
      writeChoice(storage(), storageKey, language)
      store.set(language)
    },
    recall: () => {
      if (isRecalled) return
      isRecalled = true
      const stored = readChoice(storage(), storageKey)
      store.set(spoken.find((language) => language === stored) ?? store.snapshot)
    },
    isRecalled: () => isRecalled,
  }
}
