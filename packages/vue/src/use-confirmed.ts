import { shallowRef, type ShallowRef } from 'vue'

/** An irreversible action that its row asks the user to confirm. */
export interface Confirmed {
  /** Whether the question is shown. */
  readonly asking: ShallowRef<boolean>
  /** Whether the action is in progress (`yes`) or failed. */
  readonly doing: Readonly<ShallowRef<'no' | 'yes' | 'failed'>>
  /** Performs the action: after the user has confirmed, or when no question is needed. */
  readonly confirm: () => Promise<void>
}

/** @param act the action; rejects when it fails */
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
