import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import { requestBrowserFrame, type RequestFrame } from './rows/frame-batch.js'

export interface ListWindow<T> {
  /** The rows to draw. */
  readonly shown: ComputedRef<readonly T[]>
  /** How many are left out. */
  readonly hidden: ComputedRef<number>
  /** How many {@link ListWindow.more} would add. */
  readonly nextStep: ComputedRef<number>
  readonly more: () => void
}

/** Rows that are drawn before somebody asks for more, and per asking. */
const step = 100
/** A list longer than `long` flows by while it is uploaded; fewer of its rows are drawn by themselves. */
const long = 200
const stepOfLong = 10
/** Rows that are added per frame: about 10 ms of work. */
const perFrame = 10

/**
 * Draws the first rows of a long list, and more when asked. A step arrives a few rows per frame, because a hundred
 * rows at once would hold the page for longer than a long task may take.
 */
export function useWindow<T>(
  items: Readonly<Ref<readonly T[]>>,
  requestFrame: RequestFrame = requestBrowserFrame,
): ListWindow<T> {
  const asked = ref(0)
  const limit = computed(() => asked.value + (items.value.length > long ? stepOfLong : step))
  const drawn = ref(perFrame)
  const wanted = computed(() => Math.min(limit.value, items.value.length))
  let growing = false
  let ended = false

  function grow(): void {
    growing = drawn.value < wanted.value && !ended
    if (!growing) return
    requestFrame(() => {
      drawn.value = Math.min(wanted.value, drawn.value + perFrame)
      grow()
    })
  }
  watch(
    wanted,
    () => {
      // What was drawn and has gone is drawn step by step again when it comes back.
      drawn.value = Math.max(perFrame, Math.min(drawn.value, wanted.value))
      if (!growing) grow()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    ended = true
  })

  return {
    shown: computed(() => items.value.slice(0, Math.min(drawn.value, limit.value))),
    hidden: computed(() => Math.max(0, items.value.length - limit.value)),
    nextStep: computed(() => Math.min(step, items.value.length - limit.value)),
    more: () => {
      asked.value += step
    },
  }
}
