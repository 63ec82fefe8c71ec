import {
  computed,
  hasInjectionContext,
  inject,
  ref,
  watch,
  type App,
  type ComputedRef,
  type InjectionKey,
  type Ref,
} from 'vue'
import { en } from './en.js'
import { languages, pickLanguage, type Language } from './language.js'
import type { Messages } from './messages.js'
import { zh } from './zh.js'

const dictionaries: Readonly<Record<Language, Messages>> = { zh, en }

export interface LanguageChoice {
  /** Set it to switch. */
  readonly language: Ref<Language>
  readonly messages: ComputedRef<Messages>
}

export interface CreateLanguageOptions {
  /** BCP 47 tags, best first. Default: the browser's. */
  readonly preferred?: readonly string[]
  /** Where the choice is remembered. Default: `localStorage`, where the browser allows it. */
  readonly storage?: Pick<Storage, 'getItem' | 'setItem'> | null
}

const storageKey = 'carryon-language'
const key: InjectionKey<LanguageChoice> = Symbol('carryon language')

/**
 * The reader's language: what was chosen last, else what the browser prefers. Install it once for all components.
 *
 * @example createApp(App).use(createLanguage()).mount('#app')
 */
export function createLanguage(
  options: CreateLanguageOptions = {},
): LanguageChoice & { install(app: App): void } {
  const preferred = options.preferred ?? (typeof navigator === 'undefined' ? [] : navigator.languages)
  const storage = options.storage === undefined ? browserStorage() : options.storage
  const language = ref(remembered(storage) ?? pickLanguage(preferred))
  // Only a choice is remembered: who never chose keeps following the browser.
  watch(language, (chosen) => remember(storage, chosen), { flush: 'sync' })
  const choice = { language, messages: computed(() => dictionaries[language.value]) }
  return {
    ...choice,
    install: (app) => {
      app.provide(key, choice)
    },
  }
}

/** The language that the application installed, else one by the browser's preference. */
export function useLanguage(): LanguageChoice {
  return (hasInjectionContext() ? inject(key, null) : null) ?? (fallback ??= createLanguage())
}

let fallback: LanguageChoice | undefined

/** Reading the property itself throws where the browser forbids storage. */
function browserStorage(): Storage | null {
  try {
    return globalThis.localStorage
  } catch {
    return null
  }
}

function remembered(storage: CreateLanguageOptions['storage']): Language | undefined {
  try {
    const stored = storage?.getItem(storageKey)
    return languages.find((language) => language === stored)
  } catch {
    return undefined
  }
}

function remember(storage: CreateLanguageOptions['storage'], language: Language): void {
  try {
    storage?.setItem(storageKey, language)
  } catch {
    // Storage may be full or forbidden; then the choice holds for this visit.
  }
}
