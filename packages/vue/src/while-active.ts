import { onScopeDispose, watch, type Ref } from 'vue'

/**
 * Does something for as long as a ref is `true`, and at most until the scope ends.
 *
 * @param begin returns the way to stop
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
