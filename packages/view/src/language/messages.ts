import type { UploadErrorCode, UploadState, WaitReason } from '@carryon/client'
import type { ReceiptComparison } from '@carryon/protocol'
import type { LeftOut } from '../files/left-out.js'

/** Everything the components say. A language that lacks a text fails the type check. */
export interface Messages {
  /** BCP 47 tag: how numbers, sizes and moments are written. */
  readonly locale: string
  /** The language's own name, for the switch. */
  readonly languageName: string

  /** Drop zone title on devices that support dropping. */
  readonly dropTitle: string
  /** Drop zone title on devices that do not support dropping. */
  readonly pickTitle: string
  /** Text under the drop zone's title. */
  readonly dropHint: string
  /** Used instead of `dropHint` if the size of a file is limited. */
  readonly dropHintLimited: string
  /** Shown in the drop zone while something is dragged over it. */
  readonly dropActive: string
  /** Heading above picked or dropped files that will not be uploaded. */
  readonly leftOutTitle: string
  /** Announced once for all files left out. */
  readonly leftOutHint: string
  /** Why a file is not uploaded. Reasons about limits are functions of the limit. */
  readonly leftOut: Readonly<Record<LeftOut['why'], string | ((limit: string) => string)>>
  /** Shown in the drop zone: the maximum file size. */
  readonly limitPerFile: (size: string) => string
  /** Shown in the drop zone: how much may still be uploaded. */
  readonly limitLeft: (size: string) => string
  /** Names of media kinds, by the first half of a media type: `image` for `image/*`. */
  readonly mediaKinds: Readonly<Partial<Record<string, string>>>
  /** Separator between list items. */
  readonly listSeparator: string
  /** Button in the drop zone. */
  readonly chooseFiles: string
  /** Button in the drop zone. */
  readonly chooseFolder: string
  /** Shown while a dropped folder is read, with the number of files found so far. */
  readonly readingFiles: (count: number) => string

  /** Title of a list. */
  readonly uploads: string
  /** Shown in place of rows when there are none. */
  readonly empty: string
  /** Title of a list. */
  readonly finished: string
  /** Title of a list. */
  readonly unfinished: string
  /** Shown above the unfinished uploads if one of them needs its file. */
  readonly unfinishedHint: string
  /** Shown above the unfinished uploads if none needs its file. */
  readonly keptHint: string
  /** Shown for an unfinished upload that is about to resume. */
  readonly goesOnByItself: string
  /** Shown for an unfinished upload whose file need not be picked again. */
  readonly kept: string
  /** Shown for an unfinished upload whose file the browser may read after asking for permission. */
  readonly needsPermission: string
  /** Shown for an unfinished upload whose file must be picked again. */
  readonly needsFile: (name: string) => string
  /** Shown for a file that was picked but of which nothing was sent. */
  readonly notBegun: string
  /** Hint shown if some unfinished uploads had not begun. */
  readonly notBegunHint: (count: number) => string
  /** When a queued file was picked. */
  readonly pickedAgo: (ago: string) => string
  /** Button that picks all missing files at once. */
  readonly pickMissing: (count: number) => string
  /** Button that resumes all files for which the browser must ask permission. */
  readonly resumeSeveral: (count: number) => string
  /** Warning if the browser cannot remember uploads. It has no count, because it is announced again on every change. */
  readonly forgettable: string
  /** Label of the switch for resuming after a reload. */
  readonly automatic: string
  /** Button of an unfinished upload: picks the file instead of using the browser's copy. */
  readonly chooseInstead: string
  /** Hint for iPhones and iPads. */
  readonly originalBytes: string

  /** States of a row. */
  readonly states: Readonly<Record<UploadState, string>>
  /** What a row waits for. */
  readonly waiting: Readonly<Record<WaitReason, string>>
  /** Shown if the server answers but the store's host does not. */
  readonly storeUnreachable: (host: string) => string
  /** The server asked to wait for a short time. */
  readonly askedToWait: (seconds: number) => string
  /** The server asked to wait until a given time. `now`: Unix milliseconds. */
  readonly askedToWaitUntil: (until: Date, now: number) => string
  /** What a row waits for and until when, for longer waits. `now`: Unix milliseconds. */
  readonly waitingUntil: (waiting: string, until: Date, now: number) => string
  /** What happened, and what the row waits for. */
  readonly waitingAfter: (title: string, waiting: string) => string
  /** Used instead of `waiting` if the server is known not to answer. */
  readonly waitingForServer: string
  /** What does not answer, shown once for all uploads that wait for it; followed by `since`. */
  readonly outages: Readonly<Record<'offline' | 'network' | 'server' | 'storage', string>>
  /** Since when it has not answered. */
  readonly since: (moment: string) => string
  /** When the next attempt is made. */
  readonly retriesIn: (duration: string) => string
  /** Follows `outages` during an attempt. */
  readonly retrying: string
  /** State of a row. */
  readonly pausedInOtherTab: string
  /** State of a row. */
  readonly cancelling: string
  /** Shown while a cancel can be undone. */
  readonly cancelled: string
  /** Shown while a file is compared with one that is already stored. */
  readonly comparing: (percent: string) => string

  /** Button of a row. */
  readonly pause: string
  /** Button of a row, and of an unfinished upload. */
  readonly resume: string
  /** Button of a failed row. */
  readonly retry: string
  /** Button that retries now instead of waiting. */
  readonly tryNow: string
  /** Button of a row. */
  readonly cancel: string
  /** Button of an unfinished upload. */
  readonly discard: string
  /** Button of a finished file: deletes it. */
  readonly deleteFile: string
  /** Question before a finished file is deleted. */
  readonly deleteQuestion: string
  /** Shown in a row whose file could not be deleted. */
  readonly deleteFailed: string
  /** Button of a row: removes it from the list. */
  readonly remove: string
  /** Button of a row whose file can no longer be read. */
  readonly pickAgain: string
  /** Button of an unfinished upload. */
  readonly pickToContinue: string
  /** Button over the rows. */
  readonly pauseAll: string
  /** Button over the rows. */
  readonly resumeAll: string
  /** Button that retries all failed uploads, with their number. */
  readonly retryAll: (count: number) => string
  /** Button over the rows. */
  readonly cancelAll: string
  /** Button of a row while its cancel can be undone. */
  readonly undoCancel: string
  /** Button that removes finished uploads from the list; deletes nothing. */
  readonly clearFinished: string
  /** Button that shows the removed finished uploads again. */
  readonly showCleared: string
  /** Label of the search field above the finished files. */
  readonly searchFinished: string
  /** Shown during a search. */
  readonly searching: string
  /** Shown if no finished file's name contains the query. */
  readonly nothingFound: (query: string) => string
  /** Button of a finished file. */
  readonly rename: string
  /** Label of the field for the new name. */
  readonly newName: string
  /** Button beside the field for the new name. */
  readonly save: string
  /** Shown in a row whose file could not be renamed. */
  readonly renameFailed: string
  /** Label of the switch for a notification when everything is done while the page is hidden. */
  readonly notify: string
  /** Shown if the browser blocks notifications for this page. */
  readonly notifyDenied: string
  /** How many files and bytes are left. */
  readonly left: (files: number, bytes: string) => string
  /** Button of a finished file. */
  readonly copyLink: string
  /** Replaces `copyLink` briefly after copying. */
  readonly copied: string
  /** Shown for a link that only works in this browser, because its cookie identifies the owner. */
  readonly linkIsPrivate: string
  /** Shown for a link that only works after its owner signs in. */
  readonly linkNeedsSignIn: string
  /** Shown if the browser did not let the page copy. */
  readonly copyFailed: string
  /** Button that shows `count` more rows; `undefined` if the number is unknown. */
  readonly showMore: (count: number | undefined) => string
  /** Button beside `recordsFailed`. */
  readonly refresh: string

  /** Labels of a row's figures, announced with the progress bar and shown in the details. */
  readonly figureLabels: { readonly progress: string; readonly speed: string; readonly timeLeft: string }
  /** Opens the details of an upload. */
  readonly details: string
  /** A figure with its label. */
  readonly labelled: (label: string, value: string) => string

  /** Accessible name of a row's button: the action and the file. */
  readonly actionFor: (action: string, name: string) => string
  /** Accessible name of a file's progress bar. */
  readonly progressOf: (name: string) => string

  /** Estimated time left. */
  readonly timeLeft: (duration: string) => string
  /** How much was in flight when sending stopped and must be sent again. */
  readonly givenUp: (bytes: string) => string
  /** How much was reported as stored before but is missing from the store. */
  readonly lost: (bytes: string) => string
  /** From where an upload resumed after a reload. */
  readonly continuedFrom: (percent: string) => string
  /** How much the store has acknowledged. */
  readonly stored: (percent: string) => string
  /** When an upload began. */
  readonly startedAgo: (ago: string) => string

  /** Question before a cancel deletes what is stored. */
  readonly cancelQuestion: (size: string) => string
  /** Question before all uploads are cancelled. `size`: what would be deleted; `null` while nothing is stored. */
  readonly cancelAllQuestion: (count: number, size: string | null) => string
  /** Button under `cancelQuestion` that cancels. */
  readonly cancelConfirm: string
  /** Button under `cancelQuestion` that keeps the upload. */
  readonly cancelKeep: string
  /** Shown in a row whose cancel failed. */
  readonly cancelFailed: string
  /** Question before an unfinished upload is removed. */
  readonly discardQuestion: (size: string) => string
  /** Button under `discardQuestion` that discards. */
  readonly discardConfirm: string
  /** Button under `discardQuestion` that keeps the upload. */
  readonly discardKeep: string

  /** Says which stored file has the same content. */
  readonly duplicateOf: (storedName: string, storedAt: string) => string
  /** Button under `duplicateOf`: uses the stored file. */
  readonly reuseDuplicate: string
  /** Button under `duplicateOf`: uploads it anyway. */
  readonly copyDuplicate: string
  /** Option beside the question about one file, if files with the same content were added with it. */
  readonly forAllEqual: string
  /** Option beside the question about several files, while files added with them are still being compared. */
  readonly forAllComing: string
  /** How many files are stored already. */
  readonly duplicates: (count: number) => string
  /** Button under `duplicates`: uses the stored files. */
  readonly reuseAllDuplicates: string
  /** Button under `duplicates`: uploads all anyway. */
  readonly copyAllDuplicates: string
  /** Shown for a finished file of which nothing was sent. */
  readonly reused: string

  /** Shown in a row for which a different file was picked. */
  readonly otherFile: (expected: NamedSize, picked: NamedSize) => string
  /** Button under `otherFile`. */
  readonly uploadAsNew: string

  /** How many files are done and how many failed. */
  readonly summary: (counts: {
    readonly files: number
    readonly done: number
    readonly failed: number
  }) => string
  /** Announcement of several state changes at once. */
  readonly changes: (counts: {
    readonly done: number
    readonly failed: number
    /** Uploads that send something again that was stored before. */
    readonly losing: number
    /** Why files failed, as sentences. */
    readonly reasons?: readonly string[]
  }) => string
  /** Separator between statements about one file. */
  readonly comma: string
  /** Separator between two sentences: a space, or nothing if the language's full stop is wide enough. */
  readonly sentenceGap: string
  /** Announcement of one state change. */
  readonly stateChange: (name: string, state: string) => string

  /** Shown if the server's lists could not be loaded. */
  readonly recordsFailed: string
  /** Id of a failed request, for the server's operator. */
  readonly requestId: (id: string) => string

  /** Texts for each failure. */
  readonly errors: Readonly<Record<UploadErrorCode, ErrorText>>

  // Actions of a finished file.
  /** Link of a finished file. */
  readonly download: string
  /** Button of a finished file, and title of the panel it opens. */
  readonly preview: string
  /** The file cannot be shown by this browser, or did not load. */
  readonly previewFailed: string
  /** Button of a dialog. */
  readonly close: string
  /** Button of a finished file, and title of the panel it opens. */
  readonly share: string
  /** Says who can use a share link, and until when. */
  readonly shareWho: (until: string) => string
  /** Shown while the server creates a share link. */
  readonly shareMaking: string
  /** Shown if the server created no link. */
  readonly shareFailed: string
  /** Label of the choice of how long a share link works. */
  readonly shareExpires: string
  /** How many days. */
  readonly days: (count: number) => string
  /** Label of the field with the link. */
  readonly shareUrl: (name: string) => string
  /** Badge of a finished file whose stored object was compared with it. */
  readonly verified: string
  /** Explains `verified`. */
  readonly verifiedHint: string
  /** Button of a finished file. */
  readonly copyReceipt: string
  /** Shown if the server returned no receipt. */
  readonly receiptFailed: string
  /** Labels of a receipt's entries. */
  readonly receipt: Readonly<
    Record<'size' | 'crc64' | 'parts' | 'comparedBy' | 'resumedFrom' | 'sentAgain', string>
  >
  /** An exact number of bytes. */
  readonly exactBytes: (count: number) => string
  /** What the server compared, by the name in the receipt. */
  readonly comparedBy: Readonly<Record<ReceiptComparison, string>>
  /** Shown in a receipt if the upload was never interrupted. */
  readonly notResumed: string
  /** Shown in a receipt for `sentAgain` if nothing was sent again. */
  readonly nothingSentAgain: string
  /** Shown if the store computes no checksum of the whole object. */
  readonly noChecksum: string
  /** Says in which store finished files are. */
  readonly storedOn: (host: string) => string
  /** Nobody is signed in. */
  readonly listOfBrowser: string
  /** How many days unfinished uploads are kept. */
  readonly unfinishedKept: (days: number) => string
  /** After how many days finished files are removed. */
  readonly finishedKept: (days: number) => string
}

/** A file in words. */
export interface NamedSize {
  /** Of the file. */
  readonly name: string
  /** With its unit. */
  readonly size: string
}

/** An error in words. */
export interface ErrorText {
  /** What happened. */
  readonly title: string
  /** What to do. */
  readonly advice: string
}
