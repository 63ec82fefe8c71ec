import { onScopeDispose, watch, type Ref } from 'vue'

/**
 * Runs `begin` when a ref becomes `true`, and stops its effect when the ref becomes `false` or the scope ends.
 *
 * @param begin starts the effect; returns a function that stops it
 */
export function whileActive(active: Readonly<Ref<boolean>>, begin: () => () => void): void {
  let stop: (() => void) | null = null
  const end = (): void => {
    stop?.()
    stop = null
  }
  watch(
    active,
    (now) => {
      end()
      if (now) stop = begin()
    },
    { immediate: true },
  )
  onScopeDispose(end)
}
