import type { FinishedFiles } from '@carryon/client/finished'
import type { UploadTerms } from '@carryon/view'
import { inject, provide, type ComputedRef, type InjectionKey } from 'vue'

/** What the rows of finished files need beside what is in them. */
export interface FinishedContext {
  /** `null`: the application offers neither links nor receipts. */
  readonly files: ComputedRef<FinishedFiles | null>
  /** `null`: the server has not told. */
  readonly terms: ComputedRef<UploadTerms | null>
}

const key: InjectionKey<FinishedContext> = Symbol('carryon finished')

/** For all rows below this component. */
export function provideFinished(context: FinishedContext): void {
  provide(key, context)
}

/** As the list above provides it; `null` outside of one. */
export function useFinished(): FinishedContext | null {
  return inject(key, null)
}
