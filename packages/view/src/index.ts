export { isApplePhone } from './files/apple-phone.js'
export { droppedFiles } from './files/dropped-files.js'
export { acceptOf, limitCheck } from './files/file-limits.js'
export { folderOf } from './files/folder-path.js'
export { inNaturalOrder } from './files/natural-order.js'
export { fileKindOf, type FileKind } from './files/file-kind.js'
export type { BroughtFiles, LeftOut } from './files/left-out.js'
export { canPickFolders, openFolderDialog } from './files/pick-folder.js'
export { openFileDialog, takeFilesOf } from './files/pick-with-handles.js'
export { takeDrops, type DropListener } from './files/window-drops.js'
export { formatBytes, formatBytesOf, formatSpeed } from './format/bytes.js'
export { formatDuration } from './format/duration.js'
export { nameInSentence, shownName, splitFileName } from './format/file-name.js'
export { formatAgo, formatDay, formatMoment, formatTime, formatUntil } from './format/moment.js'
export { formatPercent, percentOf, roundPercent } from './format/percent.js'
export { languages, pickLanguage, type Language } from './language.js'
export { en } from './language/en.js'
export {
  createLanguageChoice,
  messagesIn,
  type MessagesByLanguage,
  type ChosenLanguage,
  type LanguageChoiceOptions,
} from './language/language-choice.js'
export type { ErrorText, Messages, NamedSize } from './language/messages.js'
export { zh } from './language/zh.js'
export { onComingBack } from './page/coming-back.js'
export { copyText } from './page/copy-text.js'
export {
  createFinishNotice,
  type FinishNotice,
  type FinishNoticeOptions,
  type NoticeState,
  type Notifier,
} from './page/finish-notice.js'
export { keepFocus } from './page/kept-focus.js'
export { warnBeforeLeaving } from './page/leave-warning.js'
export { titleWords } from './page/title-words.js'
export { keepAwake, type WakeLock, type WakeLocks } from './page/wake-lock.js'
export { isOwnersAddress, previewAddress, webAddress } from './page/web-address.js'
export { createAnnouncement, type Announcement } from './rows/announcement.js'
export { dayStarts } from './rows/day-starts.js'
export { errorDetail } from './rows/error-detail.js'
export type { RequestFrame } from './rows/frame-batch.js'
export { leftOutWords, dropHint, limitsWords } from './rows/limit-words.js'
export { createListWindow, longList, type ListWindow, type ListWindowSnapshot } from './rows/list-window.js'
export { nameMatches } from './rows/name-matches.js'
export { needsNow } from './rows/needs-now.js'
export type { Outage, OutageOf } from './rows/outage.js'
export type { PageSight } from './rows/page-sight.js'
export { remedyFor, type Remedy } from './rows/remedy.js'
export type { RowGroups } from './rows/row-groups.js'
export {
  fallWords,
  labelledFigures,
  palePercent,
  progressFigures,
  progressWords,
  resumedWords,
  stateWords,
  toneOf,
  type Figure,
  type Tone,
} from './rows/row-words.js'
export { receiptLines, type ReceiptLine } from './rows/receipt-lines.js'
export { shareChoices, shareChoiceWords } from './rows/share-choices.js'
export { totalsOf, type UploadTotals } from './rows/totals.js'
export {
  createVirtualRows,
  type VirtualItem,
  type VirtualRow,
  type VirtualRows,
  type VirtualRowsSnapshot,
} from './rows/virtual-rows.js'
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
export { previewKind, type PreviewKind, type UploadReceipt, type UploadTerms } from '@carryon/protocol'
export type { ChoiceStorage } from './storage.js'
export type { Store } from './store.js'
export { createLeftOutList, type LeftOutList, type LeftOutFiles } from './uploads/left-out-list.js'
export { createUploads } from './uploads/create-uploads.js'
export { createRowPick, type RowPick } from './uploads/row-pick.js'
export type { Uploads, UploadsOptions, UploadsSnapshot } from './uploads/uploads-types.js'
