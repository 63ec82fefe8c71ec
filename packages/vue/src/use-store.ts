import type { Store } from '@carryon/view'
import { customRef, onScopeDispose, type Ref } from 'vue'

/** A store's snapshot as a ref, which follows the store until the scope ends. */
export function useStore<T>(store: Store<T>): Readonly<Ref<T>> {
  return customRef((track, trigger) => {
    onScopeDispose(store.subscribe(trigger))
    return {
      get: () => {
        track()
        return store.snapshot
      },
      set: () => undefined,
    }
  })
}
