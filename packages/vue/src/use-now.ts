import { onMounted, onScopeDispose, shallowRef, type ShallowRef } from 'vue'

/**
 * The time of day, for words such as "3 minutes ago". It stands still where a server renders.
 *
 * @param step milliseconds between two looks at the clock
 * @returns Unix milliseconds
 */
export function useNow(step: number): Readonly<ShallowRef<number>> {
  const now = shallowRef(Date.now())
  let ticking: ReturnType<typeof setInterval> | undefined
  onMounted(() => (ticking = setInterval(() => (now.value = Date.now()), step)))
  onScopeDispose(() => clearInterval(ticking))
  return now
}
