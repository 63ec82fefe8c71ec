import type { UploadErrorCode, UploadState, WaitReason } from '@carryon/client'
import type { ReceiptComparison } from '@carryon/protocol'
import type { LeftOut } from '../files/left-out.js'

/** Everything the components say. A language that lacks a text fails the type check. */
export interface Messages {
  /** BCP 47 tag: how numbers, sizes and moments are written. */
  readonly locale: string
  /** The language's own name, for the switch. */
  readonly languageName: string

  /** In the drop zone, for who can drop. */
  readonly dropTitle: string
  /** For devices that cannot drop. */
  readonly pickTitle: string
  /** In the drop zone, under its title. */
  readonly dropHint: string
  /** As `dropHint`, where the size of a file is limited. */
  readonly dropHintLimited: string
  /** In the drop zone while something is held over it. */
  readonly dropActive: string
  /** Over what was picked or dropped and is not uploaded. */
  readonly leftOutTitle: string
  /** Spoken once for all that is left out. */
  readonly leftOutHint: string
  /** Why it is not uploaded; of limits given what is allowed. */
  readonly leftOut: Readonly<Record<LeftOut['why'], string | ((limit: string) => string)>>
  /** In the drop zone: the largest file. */
  readonly limitPerFile: (size: string) => string
  /** In the drop zone: what may be uploaded in all from now on. */
  readonly limitLeft: (size: string) => string
  /** Kinds of media types, such as `image` of `image/*`. */
  readonly mediaKinds: Readonly<Partial<Record<string, string>>>
  /** Between the members of a list. */
  readonly listSeparator: string
  /** Button in the drop zone. */
  readonly chooseFiles: string
  /** Button in the drop zone. */
  readonly chooseFolder: string
  /** While a folder that was dropped is read; how many files were found so far. */
  readonly readingFiles: (count: number) => string

  /** Title of a list. */
  readonly uploads: string
  /** Instead of rows. */
  readonly empty: string
  /** Title of a list. */
  readonly finished: string
  /** Title of a list. */
  readonly unfinished: string
  /** When one of them needs its file. */
  readonly unfinishedHint: string
  /** When none does. */
  readonly keptHint: string
  /** Of an unfinished upload that is about to go on. */
  readonly goesOnByItself: string
  /** Of an unfinished upload that needs no pick. */
  readonly kept: string
  /** Of an unfinished upload whose file the browser may read once it is asked. */
  readonly needsPermission: string
  /** An upload that needs its file, named. */
  readonly needsFile: (name: string) => string
  /** Of a file that was picked and of which nothing was sent. */
  readonly notBegun: string
  /** When some of them had not begun. */
  readonly notBegunHint: (count: number) => string
  /** When a file that waits was picked. */
  readonly pickedAgo: (ago: string) => string
  /** For all files that have to be picked again, in one pick. */
  readonly pickMissing: (count: number) => string
  /** For all files that the browser has to be allowed to read. */
  readonly resumeSeveral: (count: number) => string
  /** Where the browser remembers nothing. Without a count: it is spoken each time that it changes. */
  readonly forgettable: string
  /** Labels the switch for uploads that go on after a reload. */
  readonly automatic: string
  /** Button of an unfinished upload: picks the file, instead of the copy that the browser has. */
  readonly chooseInstead: string
  /** For iPhones and iPads. */
  readonly originalBytes: string

  /** States of a row. */
  readonly states: Readonly<Record<UploadState, string>>
  /** What a row waits for. */
  readonly waiting: Readonly<Record<WaitReason, string>>
  /** The server answers, the store's host does not. */
  readonly storeUnreachable: (host: string) => string
  /** The server has said until when, and that is soon. */
  readonly askedToWait: (seconds: number) => string
  /** The server has said until when. `now`: Unix milliseconds. */
  readonly askedToWaitUntil: (until: Date, now: number) => string
  /** What is waited for, and until when, where that is not soon. `now`: Unix milliseconds. */
  readonly waitingUntil: (waiting: string, until: Date, now: number) => string
  /** What happened, and what is waited for. */
  readonly waitingAfter: (title: string, waiting: string) => string
  /** As `waiting`, where it is known that the server does not answer. */
  readonly waitingForServer: string
  /** What does not answer, for all that wait for it; `since` follows. */
  readonly outages: Readonly<Record<'offline' | 'network' | 'server' | 'storage', string>>
  /** Since when it does not. */
  readonly since: (moment: string) => string
  /** When it is tried again. */
  readonly retriesIn: (duration: string) => string
  /** Behind `outages`, while it is tried. */
  readonly retrying: string
  /** State of a row. */
  readonly pausedInOtherTab: string
  /** State of a row. */
  readonly cancelling: string
  /** While it can be taken back. */
  readonly cancelled: string
  /** While a file is compared with what is stored already. */
  readonly comparing: (percent: string) => string

  /** Button of a row. */
  readonly pause: string
  /** Button of a row, and of an unfinished upload. */
  readonly resume: string
  /** Button of a failed row. */
  readonly retry: string
  /** Instead of waiting until it is tried again. */
  readonly tryNow: string
  /** Button of a row. */
  readonly cancel: string
  /** Button of an unfinished upload. */
  readonly discard: string
  /** Of a finished file. */
  readonly deleteFile: string
  /** Asks before a finished file is deleted. */
  readonly deleteQuestion: string
  /** In a row whose file was not deleted. */
  readonly deleteFailed: string
  /** Button of a row: takes it off the list. */
  readonly remove: string
  /** Button of a row whose file cannot be read any more. */
  readonly pickAgain: string
  /** Button of an unfinished upload. */
  readonly pickToContinue: string
  /** Button over the rows. */
  readonly pauseAll: string
  /** Button over the rows. */
  readonly resumeAll: string
  /** Tries all that failed again; how many they are. */
  readonly retryAll: (count: number) => string
  /** Button over the rows. */
  readonly cancelAll: string
  /** Button of a row, while a cancel can be taken back. */
  readonly undoCancel: string
  /** Takes finished uploads off the list; nothing is deleted. */
  readonly clearFinished: string
  /** Of a list from which finished uploads were taken off. */
  readonly showCleared: string
  /** Labels the field over the finished files. */
  readonly searchFinished: string
  /** While names are looked through. */
  readonly searching: string
  /** No finished file has that in its name. */
  readonly nothingFound: (query: string) => string
  /** Button of a finished file. */
  readonly rename: string
  /** Labels the field for another name. */
  readonly newName: string
  /** Button beside the field for another name. */
  readonly save: string
  /** In a row whose file kept its name. */
  readonly renameFailed: string
  /** A switch: a notification when all is done and the page is hidden. */
  readonly notify: string
  /** The browser has forbidden notifications for this page. */
  readonly notifyDenied: string
  /** How many files, and bytes of them, are not done yet. */
  readonly left: (files: number, bytes: string) => string
  /** Button of a finished file. */
  readonly copyLink: string
  /** On `copyLink` for a moment. */
  readonly copied: string
  /** Of a link that asks for its owner, whom only this browser's cookie tells. */
  readonly linkIsPrivate: string
  /** Of a link that asks for its owner, who signs in. */
  readonly linkNeedsSignIn: string
  /** Where the browser did not let the page copy. */
  readonly copyFailed: string
  /** Shows `count` more rows, or more of an unknown number. */
  readonly showMore: (count: number | undefined) => string
  /** Button beside `recordsFailed`. */
  readonly refresh: string

  /** What a row's figures are: heard with the progress bar, and in the details. */
  readonly figureLabels: { readonly progress: string; readonly speed: string; readonly timeLeft: string }
  /** Opens what else is known of an upload. */
  readonly details: string
  /** A figure with its label. */
  readonly labelled: (label: string, value: string) => string

  /** Accessible names of a row's buttons and bar: the word and the file. */
  readonly actionFor: (action: string, name: string) => string
  /** Names the progress bar of a file. */
  readonly progressOf: (name: string) => string

  /** How long the rest takes. */
  readonly timeLeft: (duration: string) => string
  /** What was on its way when sending stopped. */
  readonly givenUp: (bytes: string) => string
  /** Of what was told as stored before. */
  readonly lost: (bytes: string) => string
  /** Where an upload went on after a reload. */
  readonly continuedFrom: (percent: string) => string
  /** What the store has acknowledged. */
  readonly stored: (percent: string) => string
  /** When an upload began. */
  readonly startedAgo: (ago: string) => string

  /** Asks before a cancel removes what is stored. */
  readonly cancelQuestion: (size: string) => string
  /** `size`: of all that would be deleted; `null` while nothing is stored. */
  readonly cancelAllQuestion: (count: number, size: string | null) => string
  /** Button under `cancelQuestion` that cancels. */
  readonly cancelConfirm: string
  /** Button under `cancelQuestion` that lets the upload go on. */
  readonly cancelKeep: string
  /** In a row whose cancel did not get through. */
  readonly cancelFailed: string
  /** Asks before an unfinished upload is removed. */
  readonly discardQuestion: (size: string) => string
  /** Button under `discardQuestion` that discards. */
  readonly discardConfirm: string
  /** Button under `discardQuestion` that does not. */
  readonly discardKeep: string

  /** Which stored file has the same content. */
  readonly duplicateOf: (storedName: string, storedAt: string) => string
  /** Button under `duplicateOf`: stores nothing again. */
  readonly reuseDuplicate: string
  /** Button under `duplicateOf`: stores it again. */
  readonly copyDuplicate: string
  /** Beside the question about one file while others wait for an equal one that were added with it. */
  readonly forAllEqual: string
  /** Beside the question about several files while others are being compared that were added with one of them. */
  readonly forAllComing: string
  /** How many files are stored already. */
  readonly duplicates: (count: number) => string
  /** Button under `duplicates`: stores nothing again. */
  readonly reuseAllDuplicates: string
  /** Button under `duplicates`: stores all again. */
  readonly copyAllDuplicates: string
  /** Of a finished file of which nothing was sent. */
  readonly reused: string

  /** In a row in which another file was picked. */
  readonly otherFile: (expected: NamedSize, picked: NamedSize) => string
  /** Button under `otherFile`. */
  readonly uploadAsNew: string

  /** How many files are done and failed. */
  readonly summary: (counts: {
    readonly files: number
    readonly done: number
    readonly failed: number
  }) => string
  /** For assistive technology: several changes of state at once. */
  readonly changes: (counts: {
    readonly done: number
    readonly failed: number
    /** Of which something that was stored is sent again. */
    readonly losing: number
    /** Why files failed: sentences. */
    readonly reasons?: readonly string[]
  }) => string
  /** Between what is said of one file. */
  readonly comma: string
  /** Between two sentences: a space, or nothing where the full stop is as wide as one. */
  readonly sentenceGap: string
  /** A change of state, for screen readers. */
  readonly stateChange: (name: string, state: string) => string

  /** Where the lists of the server could not be had. */
  readonly recordsFailed: string
  /** Of a failed request, for its operator. */
  readonly requestId: (id: string) => string

  /** What is said of each failure. */
  readonly errors: Readonly<Record<UploadErrorCode, ErrorText>>

  // What can be done with a finished file.
  /** Link of a finished file. */
  readonly download: string
  /** Button of a finished file, and title of what it opens. */
  readonly preview: string
  /** The file cannot be shown by this browser, or did not load. */
  readonly previewFailed: string
  /** Button of a dialog. */
  readonly close: string
  /** Button of a finished file, and title of what it opens. */
  readonly share: string
  /** Who can do what with a share link, until when. */
  readonly shareWho: (until: string) => string
  /** While the server makes one. */
  readonly shareMaking: string
  /** Where the server made no link. */
  readonly shareFailed: string
  /** Names the choice of how long a share link works. */
  readonly shareExpires: string
  /** How many days. */
  readonly days: (count: number) => string
  /** Names the field with the link. */
  readonly shareUrl: (name: string) => string
  /** On a finished file: what is stored was compared with it. */
  readonly verified: string
  /** Explains `verified`. */
  readonly verifiedHint: string
  /** Button of a finished file. */
  readonly copyReceipt: string
  /** Where the server answered no receipt. */
  readonly receiptFailed: string
  /** Names of what a receipt says. */
  readonly receipt: Readonly<
    Record<'size' | 'crc64' | 'parts' | 'comparedBy' | 'resumedFrom' | 'sentAgain', string>
  >
  /** How many bytes, to the byte. */
  readonly exactBytes: (count: number) => string
  /** What the server compared, by its name in a receipt. */
  readonly comparedBy: Readonly<Record<ReceiptComparison, string>>
  /** It was never interrupted. */
  readonly notResumed: string
  /** In a receipt, for `sentAgain`. */
  readonly nothingSentAgain: string
  /** The store computes no checksum of the whole. */
  readonly noChecksum: string
  /** In which store finished files are. */
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
