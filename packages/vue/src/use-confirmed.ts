import { shallowRef, type ShallowRef } from 'vue'

/** Something that cannot be undone, and is asked about in its row. */
export interface Confirmed {
  /** Whether the question is shown. */
  readonly asking: ShallowRef<boolean>
  /** Whether it is under way, or did not get through. */
  readonly doing: Readonly<ShallowRef<'no' | 'yes' | 'failed'>>
  /** It was confirmed, or needs no question. */
  readonly confirm: () => Promise<void>
}

/** @param act rejects when it does not get through */
export function useConfirmed(act: () => Promise<void>): Confirmed {
  const asking = shallowRef(false)
  const doing = shallowRef<'no' | 'yes' | 'failed'>('no')
  return {
    asking,
    doing,
    confirm: async () => {
      asking.value = false
      doing.value = 'yes'
      try {
        await act()
      } catch {
        doing.value = 'failed'
      }
    },
  }
}
