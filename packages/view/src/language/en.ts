import { formatDuration } from '../format/duration.js'
import { formatUntil } from '../format/moment.js'
import type { Messages } from './messages.js'

const number = new Intl.NumberFormat('en')

const counted = (count: number, one: string, many: string) =>
  `${number.format(count)} ${count === 1 ? one : many}`

/** The texts in English. */
export const en: Messages = {
  languageName: 'English',

  dropTitle: 'Drop files here',
  pickTitle: 'Upload files',
  dropHint: 'Large or small, one or many, whole folders too.',
  dropActive: 'Let go to upload',
  leftOutTitle: 'Left out',
  leftOutHint: 'Not all of it can be uploaded. What is left out is listed here with the reason.',
  leftOut: {
    unreadable:
      'Could not be read: it may have been moved or deleted, or be on a drive that is gone. Choose it again.',
    'empty-folder': 'This folder is empty: there is no file in it.',
    'too-large': (size) => `Too large: one file may have ${size} at most.`,
    'wrong-type': (types) => `This type of file is not accepted here. Accepted: ${types}.`,
    'no-room': (size) =>
      `Not enough space left: ${size}. Choose a smaller file, or ask the administrator for more.`,
  },
  limitPerFile: (size) => `Up to ${size} per file`,
  limitLeft: (size) => `${size} left`,
  mediaKinds: { image: 'images', video: 'videos', audio: 'audio', text: 'text' },
  listSeparator: ', ',
  chooseFiles: 'Choose files',

  uploads: 'Uploads',
  empty: 'Nothing here yet. Uploads and the links to finished files will appear below.',
  finished: 'Finished',
  unfinished: 'Unfinished',
  unfinishedHint: 'What is stored already is not sent twice, whichever way an upload goes on.',
  keptHint: 'This browser still has these files: nothing has to be chosen again.',
  goesOnByItself: 'carries on by itself in a moment',
  kept: 'nothing has to be chosen again',
  needsPermission: 'one click; the browser asks whether the file may be read again',
  needsFile: (name) => `choose “${name}” again`,
  notBegun: 'not begun',
  notBegunHint: (count) =>
    `${counted(count, 'file was', 'files were')} chosen before the page was left, and nothing of ${
      count === 1 ? 'it' : 'them'
    } was sent yet.`,
  pickedAgo: (ago) => `chosen ${ago}`,
  pickMissing: (count) => `Choose ${counted(count, 'file', 'files')} again`,
  resumeSeveral: (count) => `Continue ${counted(count, 'file', 'files')}`,
  forgettable:
    'This browser cannot remember what you chose. If you leave the page now, what is not finished has to be chosen again.',
  automatic: 'Carry on by itself after a reload, where no file has to be chosen',
  chooseInstead: 'Choose file',
  originalBytes:
    'Videos: choose “Choose Files” rather than the photo library. Only then does an upload carry on when it is chosen again, for the library converts a video anew each time.',

  states: {
    identifying: 'Identifying the file',
    opening: 'Getting ready',
    uploading: 'Uploading',
    waiting: 'Waiting',
    paused: 'Paused',
    finishing: 'Finishing: the store checks the whole file',
    done: 'Done',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  waiting: {
    queue: 'Waiting for its turn',
    network: 'Waiting for the network; carries on by itself',
    service: 'Waiting for the service; carries on by itself',
    'store-unreachable': 'The store cannot be reached from here; tries again by itself',
    'rate-limited': 'The server asks to wait; carries on by itself',
    'other-tab': 'Another tab is uploading this file',
    'same-file': 'Waits for an equal file in another row',
    choice: 'Already stored: use it, or upload it again?',
  },
  storeUnreachable: (host) =>
    `The network is there, but ${host} cannot be reached. A filter or firewall may block it; tries again by itself`,
  askedToWait: (seconds) =>
    `The server asks to wait for ${formatDuration(seconds, 'en')}; carries on by itself`,
  askedToWaitUntil: (until, now) =>
    `The server asks to wait until ${formatUntil(until, 'en', now)}; carries on by itself`,
  waitingUntil: (waiting, until, now) => `${waiting}, at ${formatUntil(until, 'en', now)}`,
  waitingAfter: (title, waiting) => `${title} ${waiting}`,
  pausedInOtherTab: 'Paused; another tab has this upload',
  cancelling: 'Cancelling',
  cancelled: 'Cancelled',
  comparing: (percent) => `Checking whether it is stored already: ${percent}`,

  pause: 'Pause',
  resume: 'Continue',
  retry: 'Try again',
  tryNow: 'Try now',
  cancel: 'Cancel',
  discard: 'Discard',
  deleteFile: 'Delete',
  deleteQuestion: 'The file is deleted from storage, and links to it stop working.',
  deleteFailed: 'The file could not be deleted. Try again.',
  remove: 'Remove',
  pickAgain: 'Choose again',
  pickToContinue: 'Choose file to continue',
  pauseAll: 'Pause all',
  resumeAll: 'Continue all',
  retryAll: (count) => `Retry ${number.format(count)} failed`,
  cancelAll: 'Cancel all',
  undoCancel: 'Undo',
  copyLink: 'Copy link',
  copied: 'Copied',
  linkIsPrivate: 'opens only in this browser, while it is signed in',
  copyFailed: 'Not copied',
  showMore: (count) => (count === undefined ? 'Show more' : `Show ${number.format(count)} more`),
  refresh: 'Try again',

  actionFor: (action, name) => `${action}: ${name}`,
  progressOf: (name) => `Progress of ${name}`,

  timeLeft: (duration) => `${duration} left`,
  givenUp: (bytes) => `${bytes} on its way will be sent again`,
  lost: (bytes) => `${bytes} stored before are missing or damaged in the store, and are sent again`,
  continuedFrom: (percent) => `continued from ${percent}`,
  stored: (percent) => `${percent} stored`,
  startedAgo: (ago) => `started ${ago}`,

  cancelQuestion: (size) => `Cancel this upload? The ${size} uploaded so far will be deleted.`,
  cancelAllQuestion: (count, size) =>
    `Cancel ${counted(count, 'upload', 'uploads')}?` +
    (size === null ? '' : ` The ${size} uploaded so far will be deleted.`),
  cancelConfirm: 'Cancel upload',
  cancelKeep: 'Keep uploading',
  cancelFailed: 'Could not be cancelled. Check the network and try again.',
  discardQuestion: (size) => `${size} would be deleted from the store.`,
  discardConfirm: 'Discard',
  discardKeep: 'Keep',

  duplicateOf: (storedName, storedAt) =>
    `The very same content was stored as “${storedName}” on ${storedAt}. Nothing would have to be sent.`,
  reuseDuplicate: 'Use it',
  copyDuplicate: 'Upload again',
  forAllEqual: 'The answer holds for every file of the same content that was added together with it.',
  forAllComing:
    'The answer holds for those, too, that were added together with them and are still being checked.',
  duplicates: (count) => `${counted(count, 'of these files is', 'of these files are')} stored already.`,
  reuseAllDuplicates: 'Use what is stored',
  copyAllDuplicates: 'Upload all again',
  reused: 'was stored already, nothing was sent',

  otherFile: (expected, picked) =>
    `That is a different file, “${picked.name}” (${picked.size}). This upload is waiting for “${expected.name}” (${expected.size}).`,
  uploadAsNew: 'Upload it as a new file',

  summary: ({ files, done, failed }) =>
    [`${number.format(done)} of ${counted(files, 'file', 'files')} done`]
      .concat(failed > 0 ? [`${number.format(failed)} failed`] : [])
      .join(', '),
  changes: ({ done, failed, losing }) =>
    [
      done > 0 ? [`${counted(done, 'file', 'files')} finished`] : [],
      failed > 0 ? [`${number.format(failed)} failed`] : [],
      losing > 0 ? [`${counted(losing, 'file has', 'files have')} lost parts in the store, sent again`] : [],
    ]
      .flat()
      .join(', '),
  comma: ', ',
  stateChange: (name, state) => `${name}: ${state}`,

  recordsFailed: 'The list of earlier uploads could not be loaded. Uploading works all the same.',
  requestId: (id) => `Request id ${id}`,

  errors: {
    'file-changed': {
      title: 'The file changed while it was uploading.',
      advice: 'Choose it again: parts that are still the same are not sent twice.',
    },
    'file-unreadable': {
      title: 'The file cannot be read.',
      advice: 'It may have been moved, changed or deleted, or be on a drive that is gone. Choose it again.',
    },
    'permission-denied': {
      title: 'The browser was not allowed to read the file again.',
      advice: 'Continue and allow it, or choose the file again.',
    },
    'file-too-large': {
      title: 'The file is larger than this site accepts.',
      advice: 'Split or compress it, or ask the operator to raise the limit.',
    },
    network: {
      title: 'The connection was lost.',
      advice: 'Check the network and try again. What is stored already is not sent twice.',
    },
    unauthorized: {
      title: 'You are signed out, or may not upload here.',
      advice: 'Sign in in another tab, then try again.',
    },
    forbidden: {
      title: 'The server does not allow this upload.',
      advice: 'It says why below. Try again once that has changed, or ask the operator.',
    },
    'forbidden-origin': {
      title: 'The server does not know this page’s address.',
      advice: 'The operator must set PUBLIC_BASE_URL or ALLOWED_ORIGINS; the server’s answer says to what.',
    },
    'invalid-request': {
      title: 'The server does not accept this upload.',
      advice: 'Reload the page. If it happens again, tell the operator.',
    },
    'upload-gone': {
      title: 'The store no longer has this unfinished upload.',
      advice: 'It was cancelled elsewhere or is too old. Try again to send it from the beginning.',
    },
    'checksum-mismatch': {
      title: 'The stored file is not the same as yours and was removed.',
      advice: 'Try again. If it happens again, this device or its network damages data.',
    },
    'store-denied': {
      title: 'The store refused the permission for this upload.',
      advice: 'Check that this device’s clock is right and try again; otherwise tell the operator.',
    },
    'store-full': {
      title: 'The store has no room left.',
      advice: 'Try again once the operator has made room. What is stored already stays.',
    },
    'store-unavailable': {
      title: 'The store does not answer at the moment.',
      advice: 'Try again in a few minutes. What is stored already stays.',
    },
    'store-misconfigured': {
      title: 'The store does not let this page upload.',
      advice: 'The operator must allow this page’s address in the bucket’s CORS rules.',
    },
    'server-error': {
      title: 'The server had a problem.',
      advice: 'Try again in a few minutes. If it happens again, tell the operator.',
    },
    'unexpected-answer': {
      title: 'Something else answered in place of the server or the store.',
      advice:
        'A proxy, a firewall or a network that wants you to sign in may be in the way. Open a new tab to see, then try again; otherwise tell the operator.',
    },
    'insecure-connection': {
      title: 'There is no secure connection to the server.',
      advice:
        'Check the address and this device’s clock; otherwise tell the operator to look at the certificate.',
    },
    'page-outdated': {
      title: 'There is a newer version of this page.',
      advice: 'Reload the page; nothing is lost.',
    },
    'unsupported-browser': {
      title: 'This browser lacks something that uploading needs.',
      advice: 'Use a current Chrome, Edge, Firefox or Safari, over HTTPS.',
    },
    cancelled: { title: 'The upload was cancelled.', advice: 'Nothing of it is left in the store.' },
    internal: {
      title: 'Something went wrong in the page itself.',
      advice: 'Try again. If it happens again, reload the page and choose the file again: it carries on.',
    },
  },

  download: 'Download',
  preview: 'Preview',
  previewFailed: 'Your browser can’t show this file. Download it instead.',
  close: 'Close',
  share: 'Share',
  shareWho: (until) =>
    `Anyone with this link can download this file until ${until}. Your other files stay private. Deleting the file turns the link off.`,
  shareMaking: 'Creating the link…',
  shareFailed: 'Couldn’t create a link. Check your connection and try again.',
  shareExpires: 'Link expires in',
  days: (count) => (count === 1 ? '1 day' : `${count} days`),
  shareUrl: (name) => `Share link for ${name}`,
  verified: 'Verified',
  verifiedHint:
    'The stored file is identical to yours. To check a copy later, keep the receipt and run: carryon verify FILE RECEIPT',
  copyReceipt: 'Copy receipt',
  receiptFailed: 'Couldn’t load the details. Check your connection and try again.',
  receipt: {
    size: 'Size',
    crc64: 'CRC-64',
    parts: 'Parts',
    comparedBy: 'Compared by',
    resumedFrom: 'Resumed from',
    sentAgain: 'Sent again',
  },
  exactBytes: (count) => counted(count, 'byte', 'bytes'),
  comparedBy: {
    'object-crc64': 'CRC-64 of the whole file',
    'object-md5': 'MD5 of the whole file',
    'part-etags': 'checksums of all parts',
    size: 'size',
  },
  notResumed: 'Uploaded in one go',
  nothingSentAgain: 'Nothing',
  noChecksum: 'Not provided by the storage',
  storedOn: (host) => `Files are stored on ${host}.`,
  listOfBrowser: 'You’re not signed in: this list belongs to this browser.',
  unfinishedKept: (days) =>
    `Unfinished uploads are deleted after ${counted(days, 'day', 'days')} without activity.`,
  finishedKept: (days) => `Files are deleted ${counted(days, 'day', 'days')} after upload.`,
}
