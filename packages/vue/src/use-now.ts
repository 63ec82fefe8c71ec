import { onMounted, onScopeDispose, shallowRef, type ShallowRef } from 'vue'

/**
 * The current time, for texts such as "3 minutes ago". It does not advance during server rendering.
 *
 * @param step milliseconds between two updates
 * @returns Unix milliseconds
 */
export function useNow(step: number): Readonly<ShallowRef<number>> {
  const now = shallowRef(Date.now())
  let ticking: ReturnType<typeof setInterval> | undefined
  onMounted(() => (ticking = setInterval(() => (now.value = Date.now()), step)))
  onScopeDispose(() => clearInterval(ticking))
  return now
}
