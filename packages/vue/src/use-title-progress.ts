import { onScopeDispose, watchEffect, type Ref } from 'vue'
import { formatPercent } from './format/percent.js'
import type { UploadTotals } from './rows/totals.js'

/** Shows the overall percent in the document's title while something is uploading, for a look at the tab bar. */
export function useTitleProgress(
  totals: Readonly<Ref<UploadTotals>>,
  title: Readonly<Ref<string>>,
  target: { title: string } = document,
): void {
  watchEffect(() => {
    const { active, percent } = totals.value
    target.title = active > 0 ? `${formatPercent(percent)} · ${title.value}` : title.value
  })
  onScopeDispose(() => {
    target.title = title.value
  })
}
