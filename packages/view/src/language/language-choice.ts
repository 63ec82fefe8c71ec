import { pickLanguage, type Language } from '../language.js'
import { browserStorage, readChoice, writeChoice, type ChoiceStorage } from '../storage.js'
import { ValueStore, type Store } from '../store.js'
import { en } from './en.js'
import type { Messages } from './messages.js'
import { zh } from './zh.js'

/** Texts by BCP 47 language tag. */
export type MessagesByLanguage = Readonly<Record<Language, Messages>>

const builtIn: MessagesByLanguage = { zh, en }
const storageKey = 'carryon-language'

/**
 * All texts of one language; the English ones if it has none.
 *
 * @param texts default: Chinese and English
 */
export function messagesIn(language: Language, texts: MessagesByLanguage = builtIn): Messages {
  return texts[language] ?? texts['en'] ?? en
}

/** Options of `createLanguageChoice`. */
export interface LanguageChoiceOptions {
  /**
   * BCP 47 tags, best first. With server rendering, server and browser must use the same ones, such as those of the
   * request's `Accept-Language`.
   *
   * @default the browser's; English on a server
   */
  readonly preferred?: readonly string[]
  /**
   * Where the choice is stored.
   *
   * @default `localStorage`, if the browser allows it
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

/** The current language. */
export interface ChosenLanguage extends Store<Language> {
  /** All available languages, in the order of their texts. */
  readonly languages: readonly Language[]
  /** The texts of one of them. */
  readonly messagesIn: (language: Language) => Messages
  /** Switches to another language, also for later visits. */
  readonly choose: (language: Language) => void
  /**
   * Restores the choice of an earlier visit; only the first call has an effect. Call it after mounting: a rendering server
   * does not know the choice, and its output must equal the browser's first rendering.
   */
  readonly recall: () => void
  /** Whether the choice was already restored or replaced. */
  readonly isRecalled: () => boolean
}

/** The user's language: the last choice, otherwise the browser's preference. */
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
      // Stores only an explicit choice, so that others keep following the browser.
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
