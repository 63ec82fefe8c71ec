import { copyText } from '@carryon/view'
import { computed, onScopeDispose, shallowRef, type ComputedRef } from 'vue'
import { useLanguage } from './language/use-language.js'

/** State of a copy button, which shows the result for a moment. */
export interface Copy {
  /** The button's label: the offer, or for a moment the result. */
  readonly words: ComputedRef<string>
  /** The result, for a screen reader; empty when there is none. */
  readonly said: ComputedRef<string>
  /** Copies `text`; resolves with whether it reached the clipboard. */
  readonly copy: (text: string) => Promise<boolean>
}

/** Milliseconds for which the result is shown. */
const wordsStay = 2500

/** @param offer label of the button before it is pressed */
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
