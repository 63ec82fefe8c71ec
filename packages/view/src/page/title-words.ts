import { formatPercent } from '../format/percent.js'
import type { UploadTotals } from '../rows/totals.js'

/**
 * The document's title, preceded by the overall percentage while something is uploading, by `✓` when everything is done, or by
 * `⚠` when something has failed. Set it only when it changes: setting it takes a millisecond, and the totals change with
 * every frame.
 */
export function titleWords({ active, percent, done, failed, files }: UploadTotals, title: string): string {
  const figure = active > 0 ? `${formatPercent(percent, 1)} · ${title}` : title
  if (failed > 0) return `⚠ ${figure}`
  return files > 0 && done === files ? `✓ ${title}` : figure
}
