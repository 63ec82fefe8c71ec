import { formatPercent } from '../format/percent.js'
import type { UploadTotals } from '../rows/totals.js'

/**
 * The document's title, with the overall percent before it while something is uploading, for a look at the tab bar. Set it
 * only when it changes: telling the browser takes a millisecond, and the totals change with every frame.
 */
export function titleWords({ active, percent }: UploadTotals, title: string): string {
  return active > 0 ? `${formatPercent(percent, 1)} · ${title}` : title
}
