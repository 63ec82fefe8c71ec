export { isApplePhone } from './files/apple-phone.js'
export { enterZone, takerOf, type DropZone } from './files/drop-zones.js'
export { droppedFiles } from './files/dropped-files.js'
export type { BroughtFiles, LeftOut } from './files/left-out.js'
export { canPickWithHandles, pickWithHandles } from './files/pick-with-handles.js'
export { dash, formatBytes, formatBytesOf, formatSpeed } from './format/bytes.js'
export { formatDuration } from './format/duration.js'
export { splitFileName } from './format/file-name.js'
export { formatAgo, formatMoment, formatUntil } from './format/moment.js'
export { formatPercent, percentOf, roundPercent } from './format/percent.js'
export { languages, pickLanguage, type Language } from './language.js'
export { en } from './language/en.js'
export type { ErrorText, Messages, NamedSize } from './language/messages.js'
export { zh } from './language/zh.js'
export { copyText } from './page/copy-text.js'
export { focusSuccessor, type Removal, type TreeNode } from './page/focus-successor.js'
export { isOwnersAddress, webAddress } from './page/web-address.js'
export { errorDetail } from './rows/error-detail.js'
export { createFrameBatch, requestBrowserFrame, type RequestFrame } from './rows/frame-batch.js'
export { inSlices } from './rows/in-slices.js'
export { isExpected, matchQueued } from './rows/match-files.js'
export { needsNow } from './rows/needs-now.js'
export { nextRows } from './rows/next-rows.js'
export { browserSight, type PageSight } from './rows/page-sight.js'
export { remedyFor, type Remedy } from './rows/remedy.js'
export type { RowGroups } from './rows/row-groups.js'
export {
  fallWords,
  palePercent,
  progressWords,
  resumedWords,
  stateWords,
  toneOf,
  type Tone,
} from './rows/row-words.js'
export { totalsOf, type UploadTotals } from './rows/totals.js'
export { isCancellable, UploadRow, type Cancelling, type RowSnapshot } from './rows/upload-row.js'
export {
  askedAbout,
  canPause,
  canRetry,
  canTryNow,
  isActive,
  isMuchSent,
  isPaused,
} from './rows/upload-state.js'
export { DerivedStore, ValueStore, type Store } from './store.js'
export { createUploads } from './uploads/create-uploads.js'
export type { ChoiceStorage } from './uploads/remembered-choice.js'
export type { Uploads, UploadsOptions, UploadsSnapshot } from './uploads/uploads-types.js'
