import { titleWords, type UploadTotals } from '@carryon/view'
import { onScopeDispose, watch, type Ref } from 'vue'

/** Shows the overall percentage in the document's title, and so in the tab bar, while something is uploading. */
export function useTitleProgress(
  totals: Readonly<Ref<UploadTotals>>,
  title: Readonly<Ref<string>>,
  target: { title: string } | undefined = typeof document === 'undefined' ? undefined : document,
): void {
  if (target === undefined) return
  watch(
    () => titleWords(totals.value, title.value),
    (words) => {
      target.title = words
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    target.title = title.value
  })
}
