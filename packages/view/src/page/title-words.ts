import { formatPercent } from '../format/percent.js'
import type { UploadTotals } from '../rows/totals.js'

/**
 * The document's title, for a look at the tab bar: before it the overall percent while something is uploading, `✓` when all
 * is done, `⚠` when something has failed. Set it only when it changes: telling the browser takes a millisecond, and the
 * totals change with every frame.
 */
export function titleWords({ active, percent, done, failed, files }: UploadTotals, title: string): string {
  const figure = active > 0 ? `${formatPercent(percent, 1)} · ${title}` : title
  if (failed > 0) return `⚠ ${figure}`
  return files > 0 && done === files ? `✓ ${title}` : figure
}
