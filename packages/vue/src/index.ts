export { default as CarryonUploads } from './components/CarryonUploads.vue'
export { default as UploadDropZone } from './components/UploadDropZone.vue'
export { formatBytes, formatBytesOf, formatSpeed } from './format/bytes.js'
export { formatDuration } from './format/duration.js'
export { formatAgo, formatMoment } from './format/moment.js'
export { formatPercent } from './format/percent.js'
export { languages, pickLanguage, type Language } from './language.js'
export type { ErrorText, Messages } from './language/messages.js'
export {
  createLanguage,
  useLanguage,
  type CreateLanguageOptions,
  type LanguageChoice,
} from './language/use-language.js'
export type { LeftOut } from './left-out.js'
export type { RequestFrame } from './rows/frame-batch.js'
export type { PageSight } from './rows/page-sight.js'
export type { RowGroups } from './rows/row-groups.js'
export type { UploadTotals } from './rows/totals.js'
export type { Cancelling, UploadRow } from './rows/upload-row.js'
export { useAnnouncement } from './use-announcement.js'
export { useLeaveWarning } from './use-leave-warning.js'
export { useTitleProgress } from './use-title-progress.js'
export { useUploads, type UseUploadsOptions, type UseUploadsReturn } from './use-uploads.js'
