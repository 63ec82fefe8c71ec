import { copyText } from '@carryon/view'
import { computed, onScopeDispose, shallowRef, type ComputedRef } from 'vue'
import { useLanguage } from './language/use-language.js'

/** A button that copies, and says for a moment how that went. */
export interface Copy {
  /** Of the button: what it offers, or how it went. */
  readonly words: ComputedRef<string>
  /** How it went, for a screen reader; empty while there is nothing to say. */
  readonly said: ComputedRef<string>
  /** Resolves with whether the text is on the clipboard. */
  readonly copy: (text: string) => Promise<boolean>
}

/** Milliseconds that the words stay. */
const wordsStay = 2500

/** @param offer what the button says before it is pressed */
export function useCopy(offer: () => string): Copy {
  const { messages } = useLanguage()
  const state = shallowRef<'idle' | 'copied' | 'failed'>('idle')
  const said = computed(
    () => ({ idle: '', copied: messages.value.copied, failed: messages.value.copyFailed })[state.value],
  )
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))

  return {
    words: computed(() => said.value || offer()),
    said,
    copy: async (text) => {
      const copied = await copyText(text)
      state.value = copied ? 'copied' : 'failed'
      clearTimeout(timer)
      timer = setTimeout(() => (state.value = 'idle'), wordsStay)
      return copied
    },
  }
}
