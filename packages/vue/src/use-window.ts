import { nextRows, requestBrowserFrame, type RequestFrame } from '@carryon/view'
import {
  computed,
  onScopeDispose,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef,
} from 'vue'

export interface ListWindow<T> {
  /** The rows to draw. */
  readonly shown: Readonly<ShallowRef<readonly T[]>>
  /** How many are left out. */
  readonly hidden: ComputedRef<number>
  /** How many {@link ListWindow.more} would add. */
  readonly nextStep: ComputedRef<number>
  readonly more: () => void
}

/** Rows that are drawn before somebody asks for more, and per asking. */
const step = 100
/** A list longer than this flows by while it is uploaded; fewer of its rows are drawn by themselves. */
export const longList = 200
const stepOfLong = 10
/** Rows that come per frame, and that go: about 5 ms of work, and two lists may be about it in the same frame. */
const perFrame = 5

/**
 * Draws the first rows of a long list, and more when asked. They come a few per frame, because a hundred rows at once
 * would hold the page for longer than a long task may take: when the list is first drawn, and when a hundred files
 * have finished since it was.
 *
 * @param isFlowing whether this list flows by however short it still is
 */
export function useWindow<T>(
  items: Readonly<Ref<readonly T[]>>,
  isFlowing: () => boolean = () => false,
  requestFrame: RequestFrame = requestBrowserFrame,
): ListWindow<T> {
  const asked = ref(0)
  const isLong = computed(() => isFlowing() || items.value.length > longList)
  const limit = computed(() => asked.value + (isLong.value ? stepOfLong : step))
  const shown = shallowRef<readonly T[]>([])
  let isDue = false
  let ended = false

  function draw(): void {
    const wanted = items.value.slice(0, limit.value)
    // What comes while a frame is awaited comes with that frame.
    shown.value = nextRows(shown.value, items.value, limit.value, isDue ? 0 : perFrame)
    if (isDue || ended || isSame(shown.value, wanted)) return
    isDue = true
    requestFrame(() => {
      isDue = false
      draw()
    })
  }
  watch([items, limit], draw, { immediate: true })
  onScopeDispose(() => {
    ended = true
  })

  return {
    shown,
    hidden: computed(() => Math.max(0, items.value.length - limit.value)),
    nextStep: computed(() => Math.min(step, items.value.length - limit.value)),
    more: () => {
      asked.value += step
    },
  }
}

function isSame<T>(rows: readonly T[], wanted: readonly T[]): boolean {
  return rows.length === wanted.length && rows.every((row, index) => row === wanted[index])
}
