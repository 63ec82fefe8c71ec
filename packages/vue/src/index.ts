export { default as CarryonUploads } from './components/CarryonUploads.vue'
export { default as UploadDropZone } from './components/UploadDropZone.vue'
export {
  en,
  formatAgo,
  formatBytes,
  formatBytesOf,
  formatDuration,
  formatMoment,
  formatPercent,
  formatSpeed,
  languages,
  pickLanguage,
  zh,
  type ErrorText,
  type Language,
  type LeftOut,
  type Cancelling,
  type Messages,
  type MessagesByLanguage,
  type PageSight,
  type RequestFrame,
  type UploadTerms,
  type UploadTotals,
} from '@carryon/view'
export {
  createLanguage,
  useLanguage,
  type CreateLanguageOptions,
  type LanguageChoice,
} from './language/use-language.js'
export type { RowGroups } from './rows/row-groups.js'
export type { UploadRow } from './rows/upload-row.js'
export { useAnnouncement } from './use-announcement.js'
export { useLeaveWarning } from './use-leave-warning.js'
export { useTitleProgress } from './use-title-progress.js'
export { useUploads, type UseUploadsOptions, type UseUploadsReturn } from './use-uploads.js'
