import { formatPercent, type UploadTotals } from '@carryon/view'
import { onScopeDispose, watch, type Ref } from 'vue'

/** Shows the overall percent in the document's title while something is uploading, for a look at the tab bar. */
export function useTitleProgress(
  totals: Readonly<Ref<UploadTotals>>,
  title: Readonly<Ref<string>>,
  target: { title: string } | undefined = typeof document === 'undefined' ? undefined : document,
): void {
  if (target === undefined) return
  // Set only when it changes: telling the browser takes a millisecond, and the totals change with every frame.
  watch(
    () => {
      const { active, percent } = totals.value
      return active > 0 ? `${formatPercent(percent, 1)} · ${title.value}` : title.value
    },
    (words) => {
      target.title = words
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    target.title = title.value
  })
}
