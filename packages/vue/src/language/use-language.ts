import { en, languages, pickLanguage, zh, type Language, type Messages } from '@carryon/view'
import {
  computed,
  getCurrentInstance,
  hasInjectionContext,
  inject,
  onMounted,
  ref,
  watch,
  type App,
  type ComputedRef,
  type InjectionKey,
  type Ref,
} from 'vue'

const dictionaries: Readonly<Record<Language, Messages>> = { zh, en }

/** The language that is shown, and its texts. */
export interface LanguageChoice {
  /** Set it to switch. */
  readonly language: Ref<Language>
  readonly messages: ComputedRef<Messages>
}

/** Options of {@link createLanguage}. */
export interface CreateLanguageOptions {
  /**
   * BCP 47 tags, best first. Default: the browser's; English on a server. A page that a server renders gives both sides the
   * same ones, such as those of the request's `Accept-Language`.
   */
  readonly preferred?: readonly string[]
  /** Where the choice is remembered. Default: `localStorage`, where the browser allows it. */
  readonly storage?: Pick<Storage, 'getItem' | 'setItem'> | null
}

const storageKey = 'carryon-language'
const key: InjectionKey<SharedChoice> = Symbol('carryon language')

/** As components share it. */
interface SharedChoice extends LanguageChoice {
  /** Takes up what was chosen on an earlier visit; only the first call counts. */
  readonly recall: () => void
  readonly isRecalled: () => boolean
}

/**
 * The reader's language: what was chosen last, else what the browser prefers. Install it once for all components. What was
 * chosen is taken up when the first of them is mounted, for a server that renders the page does not know it, and the first
 * rendering of both must be the same.
 *
 * @example createApp(App).use(createLanguage()).mount('#app')
 */
export function createLanguage(options: CreateLanguageOptions = {}): LanguageChoice & {
  /** Makes it the language of all components of the application. */
  install(app: App): void
} {
  const { recall, isRecalled, ...choice } = createChoice(options)
  return {
    ...choice,
    install: (app) => {
      app.provide(key, { ...choice, recall, isRecalled })
    },
  }
}

function createChoice(options: CreateLanguageOptions = {}): SharedChoice {
  const preferred = options.preferred ?? (typeof document === 'undefined' ? [] : navigator.languages)
  const storage = (): CreateLanguageOptions['storage'] =>
    options.storage === undefined ? browserStorage() : options.storage
  const language = ref(pickLanguage(preferred))
  let isRecalled = false
  // Only a choice is remembered: who never chose keeps following the browser.
  watch(
    language,
    (chosen) => {
      isRecalled = true
      remember(storage(), chosen)
    },
    { flush: 'sync' },
  )
  return {
    language,
    messages: computed(() => dictionaries[language.value]),
    isRecalled: () => isRecalled,
    recall: () => {
      if (isRecalled) return
      isRecalled = true
      language.value = remembered(storage()) ?? language.value
    },
  }
}

/** The language that the application installed, else one by the browser's preference. */
export function useLanguage(): LanguageChoice {
  const choice = (hasInjectionContext() ? inject(key, null) : null) ?? (fallback ??= createChoice())
  if (getCurrentInstance() !== null && !choice.isRecalled()) onMounted(choice.recall)
  return choice
}

let fallback: SharedChoice | undefined

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
