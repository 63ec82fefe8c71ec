import type { FinishedFiles } from '@carryon/client/finished'
import type { UploadTerms } from '@carryon/view'
import { inject, provide, type ComputedRef, type InjectionKey } from 'vue'

/** What the rows of finished files need besides their own props. */
export interface FinishedContext {
  /** Links and receipts of finished files; `null` when the application offers neither. */
  readonly files: ComputedRef<FinishedFiles | null>
  /** The server's terms; `null` when it has reported none. */
  readonly terms: ComputedRef<UploadTerms | null>
}

const key: InjectionKey<FinishedContext> = Symbol('carryon finished')

/** Provides the context to all rows below this component. */
export function provideFinished(context: FinishedContext): void {
  provide(key, context)
}

/** The context that an ancestor provides; `null` without one. */
export function useFinished(): FinishedContext | null {
  return inject(key, null)
}
