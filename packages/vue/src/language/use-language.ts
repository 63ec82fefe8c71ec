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

/** The displayed language and its texts. */
export interface LanguageChoice {
  /** The displayed language; assign to switch. */
  readonly language: Ref<Language>
  /** All available languages. */
  readonly languages: readonly Language[]
  /** Texts in the displayed language. */
  readonly messages: ComputedRef<Messages>
}

/** Options of {@link createLanguage}. */
export type CreateLanguageOptions = LanguageChoiceOptions

const key: InjectionKey<SharedChoice> = Symbol('carryon language')

/** The choice as components share it. */
interface SharedChoice extends LanguageChoice {
  /** Restores the choice of an earlier visit; only the first call has an effect. */
  readonly recall: () => void
  readonly isRecalled: () => boolean
}

/**
 * The user's language: the last choice, otherwise the browser's preference. Install it once for all components. An earlier
 * choice is restored when the first component is mounted and not before: a server that renders the page does not know it,
 * and the first rendering on both sides must be the same.
 *
 * @example createApp(App).use(createLanguage()).mount('#app')
 * @example createLanguage({ messages: { en, zh, fr } }) // a third language, see docs/guides/add-a-language.md
 */
export function createLanguage(options: CreateLanguageOptions = {}): LanguageChoice & {
  /** Applies the language to all components of the application. */
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
  // Never unsubscribed: components that are mounted later may share the choice.
  choice.subscribe(() => (shown.value = choice.snapshot))
  return {
    language: computed({ get: () => shown.value, set: choice.choose }),
    languages: choice.languages,
    messages: computed(() => choice.messagesIn(shown.value)),
    recall: choice.recall,
    isRecalled: choice.isRecalled,
  }
}

/** The language that the application installed, otherwise one that follows the browser's preference. */
export function useLanguage(): LanguageChoice {
  const choice = (hasInjectionContext() ? inject(key, null) : null) ?? (fallback ??= createChoice())
  if (getCurrentInstance() !== null && !choice.isRecalled()) onMounted(choice.recall)
  return choice
}

let fallback: SharedChoice | undefined
