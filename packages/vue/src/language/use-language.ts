import { createLanguageChoice, type Language, type LanguageChoiceOptions, type Messages } from '@carryon/view'
import {
  computed,
  getCurrentInstance,
  hasInjectionContext,
  inject,
  onMounted,
  shallowRef,
  type App,
  type ComputedRef,
  type InjectionKey,
  type Ref,
} from 'vue'

/** The language that is shown, and its texts. */
export interface LanguageChoice {
  /** Set it to switch. */
  readonly language: Ref<Language>
  /** Every language that can be chosen. */
  readonly languages: readonly Language[]
  /** Those of the language that is chosen. */
  readonly messages: ComputedRef<Messages>
}

/** Options of {@link createLanguage}. */
export type CreateLanguageOptions = LanguageChoiceOptions

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
 * @example createLanguage({ messages: { en, zh, fr } }) // a third language, see docs/guides/add-a-language.md
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
  const choice = createLanguageChoice(options)
  const shown = shallowRef(choice.snapshot)
  // As long as the choice is there: it may be shared by components that come later.
  choice.subscribe(() => (shown.value = choice.snapshot))
  return {
    language: computed({ get: () => shown.value, set: choice.choose }),
    languages: choice.languages,
    messages: computed(() => choice.messagesIn(shown.value)),
    recall: choice.recall,
    isRecalled: choice.isRecalled,
  }
}

/** The language that the application installed, else one by the browser's preference. */
export function useLanguage(): LanguageChoice {
  const choice = (hasInjectionContext() ? inject(key, null) : null) ?? (fallback ??= createChoice())
  if (getCurrentInstance() !== null && !choice.isRecalled()) onMounted(choice.recall)
  return choice
}

let fallback: SharedChoice | undefined
