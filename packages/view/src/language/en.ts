import { formatDuration } from '../format/duration.js'
import { nameInSentence } from '../format/file-name.js'
import { formatUntil } from '../format/moment.js'
import type { Messages } from './messages.js'

const number = new Intl.NumberFormat('en')

const counted = (count: number, one: string, many: string) =>
  `${number.format(count)} ${count === 1 ? one : many}`

/** The texts in English. */
export const en: Messages = {
  locale: 'en',
  languageName: 'English',

  dropTitle: 'Drop files here',
  pickTitle: 'Upload files',
  dropHint: 'Any size: one file, many files, or whole folders.',
  dropHintLimited: 'One file, many files, or whole folders.',
  dropActive: 'Drop to upload',
  leftOutTitle: 'Not added',
  leftOutHint: "Some items can't be uploaded. Each one says why.",
  leftOut: {
    unreadable:
      "Couldn't read this file. It may have been moved or deleted, or its drive may be disconnected. Choose it again.",
    'empty-folder': 'This folder is empty.',
    'too-large': (size) => `Too large. The limit is ${size} per file.`,
    'wrong-type': (types) => `This file type isn't accepted. Accepted types: ${types}.`,
    'no-room': (size) =>
      `Not enough space: only ${size} left. Choose a smaller file, or ask your administrator for more space.`,
  },
  limitPerFile: (size) => `Up to ${size} per file`,
  limitLeft: (size) => `${size} left`,
  mediaKinds: { image: 'images', video: 'videos', audio: 'audio', text: 'text' },
  listSeparator: ', ',
  chooseFiles: 'Choose files',
  chooseFolder: 'Choose folder',
  readingFiles: (count) => `Reading ${counted(count, 'file', 'files')}`,

  uploads: 'Uploads',
  empty: 'No uploads yet. Progress and links to finished files will appear here.',
  finished: 'Finished',
  unfinished: 'Unfinished',
  unfinishedHint: 'Resume where you left off. What is already uploaded is never sent again.',
  keptHint: "This browser still has these files, so you don't have to choose them again.",
  goesOnByItself: 'Resumes automatically in a moment',
  kept: 'Ready to resume',
  needsPermission: 'Click “Resume”, then “Allow”',
  needsFile: (name) => `Choose “${nameInSentence(name)}” again`,
  notBegun: 'Not started',
  notBegunHint: (count) =>
    `${counted(count, 'file was', 'files were')} chosen before the page was closed and ${
      count === 1 ? "hasn't" : "haven't"
    } started uploading.`,
  pickedAgo: (ago) => `Chosen ${ago}`,
  pickMissing: (count) => `Choose ${counted(count, 'file', 'files')} again`,
  resumeSeveral: (count) => `Resume ${counted(count, 'file', 'files')}`,
  forgettable:
    "This browser can't remember the files you chose. If you leave this page now, unfinished files have to be chosen again.",
  automatic: 'Resume automatically after a reload when no file has to be chosen',
  chooseInstead: 'Choose file',
  originalBytes:
    "For videos, tap “Choose Files” instead of the photo library. The library converts a video each time it is chosen, so its upload couldn't resume.",

  states: {
    identifying: 'Checking the file',
    opening: 'Preparing',
    uploading: 'Uploading',
    waiting: 'Waiting',
    paused: 'Paused',
    finishing: 'Verifying, almost finished',
    done: 'Finished',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  waiting: {
    queue: 'Queued',
    network: 'No connection. Resumes automatically',
    service: "The service isn't responding. Resumes automatically",
    'store-unreachable': "Can't reach storage. Retries automatically",
    'rate-limited': 'The server asks to wait. Resumes automatically',
    'other-tab': 'Uploading in another tab',
    'same-file': 'Waiting for an identical file above',
    choice: 'Already uploaded. Use the existing file?',
  },
  storeUnreachable: (host) =>
    `You're online, but ${host} can't be reached. A filter or firewall may block it. Retries automatically`,
  askedToWait: (seconds) => `The server asks to wait ${formatDuration(seconds, 'en')}. Resumes automatically`,
  askedToWaitUntil: (until, now) =>
    `The server asks to wait until ${formatUntil(until, 'en', now)}. Resumes automatically`,
  waitingUntil: (waiting, until, now) => `${waiting} at ${formatUntil(until, 'en', now)}`,
  waitingAfter: (title, waiting) => `${title} ${waiting}`,
  waitingForServer: "Can't reach the server. Resumes automatically",
  outages: {
    offline: "You're offline.",
    network: "Can't connect.",
    server: "Can't reach the server.",
    storage: "Can't reach storage.",
  },
  since: (moment) => `Since ${moment}.`,
  retriesIn: (duration) => `Retrying in ${duration}.`,
  retrying: 'Retrying now.',
  pausedInOtherTab: 'Paused in another tab',
  cancelling: 'Cancelling',
  cancelled: 'Cancelled',
  comparing: (percent) => `Checking whether it's already uploaded: ${percent}`,

  pause: 'Pause',
  resume: 'Resume',
  retry: 'Retry',
  tryNow: 'Try now',
  cancel: 'Cancel',
  discard: 'Discard',
  deleteFile: 'Delete',
  deleteQuestion: 'Delete this file? Links to it will stop working.',
  deleteFailed: "Couldn't delete the file. Try again.",
  remove: 'Remove',
  pickAgain: 'Choose again',
  pickToContinue: 'Choose file to resume',
  pauseAll: 'Pause all',
  resumeAll: 'Resume all',
  retryAll: (count) => `Retry ${number.format(count)} failed`,
  cancelAll: 'Cancel all',
  undoCancel: 'Undo',
  clearFinished: 'Clear finished',
  showCleared: 'Show cleared',
  searchFinished: 'Search finished files',
  searching: 'Searching',
  nothingFound: (query) => `No finished file matches “${nameInSentence(query)}”.`,
  rename: 'Rename',
  newName: 'New name',
  save: 'Save',
  renameFailed: "Couldn't rename the file. Try again.",
  notify: 'Notify me when uploads finish',
  notifyDenied: 'Notifications are blocked for this page. Allow them in the browser settings.',
  left: (files, bytes) => `${counted(files, 'file', 'files')} left, ${bytes}`,
  copyLink: 'Copy link',
  copied: 'Copied',
  linkIsPrivate: 'Opens only in this browser',
  linkNeedsSignIn: 'Opens only for you, while you are signed in',
  copyFailed: "Couldn't copy",
  showMore: (count) => (count === undefined ? 'Show more' : `Show ${number.format(count)} more`),
  refresh: 'Retry',

  figureLabels: { progress: 'Upload progress', speed: 'Current speed', timeLeft: 'Time left' },
  details: 'Details',
  labelled: (label, value) => `${label}: ${value}`,

  actionFor: (action, name) => `${action}: ${name}`,
  progressOf: (name) => `Upload progress of ${name}`,

  timeLeft: (duration) => `${duration} left`,
  givenUp: (bytes) => `${bytes} in transit will be sent again`,
  lost: (bytes) => `${bytes} went missing or got damaged in storage and will be sent again`,
  continuedFrom: (percent) => `Resumed from ${percent}`,
  stored: (percent) => `${percent} uploaded`,
  startedAgo: (ago) => `Started ${ago}`,

  cancelQuestion: (size) => `Cancel this upload? The ${size} uploaded so far will be deleted.`,
  cancelAllQuestion: (count, size) =>
    `Cancel ${counted(count, 'upload', 'uploads')}?` +
    (size === null ? '' : ` The ${size} uploaded so far will be deleted.`),
  cancelConfirm: 'Cancel upload',
  cancelKeep: 'Keep uploading',
  cancelFailed: "Couldn't cancel. Check your connection and try again.",
  discardQuestion: (size) => `Discard this upload? The ${size} uploaded so far will be deleted.`,
  discardConfirm: 'Discard',
  discardKeep: 'Keep',

  duplicateOf: (storedName, storedAt) =>
    `You already uploaded this content as “${nameInSentence(storedName)}” on ${storedAt}. If you use that file, nothing is sent.`,
  reuseDuplicate: 'Use existing file',
  copyDuplicate: 'Upload anyway',
  forAllEqual: 'Your answer applies to all identical files you added with it.',
  forAllComing: 'Your answer also applies to the files added with them that are still being checked.',
  duplicates: (count) => `${counted(count, 'of these files is', 'of these files are')} already uploaded.`,
  reuseAllDuplicates: 'Use existing files',
  copyAllDuplicates: 'Upload all anyway',
  reused: 'Already uploaded, nothing was sent',

  otherFile: (expected, picked) =>
    `“${nameInSentence(picked.name)}” (${picked.size}) is a different file. This upload needs “${nameInSentence(expected.name)}” (${expected.size}).`,
  uploadAsNew: 'Upload as new file',

  summary: ({ files, done, failed }) =>
    [`${number.format(done)} of ${counted(files, 'file', 'files')} finished`]
      .concat(failed > 0 ? [`${number.format(failed)} failed`] : [])
      .join(', '),
  changes: ({ done, failed, losing, reasons = [] }) =>
    [
      done > 0 ? [`${counted(done, 'file', 'files')} finished`] : [],
      failed > 0
        ? [`${number.format(failed)} failed${reasons.length > 0 ? `: ${reasons.join(' ')}` : ''}`]
        : [],
      losing > 0 ? [`${counted(losing, 'file', 'files')} lost data in storage, sending it again`] : [],
    ]
      .flat()
      .join(', '),
  comma: ', ',
  sentenceGap: ' ',
  stateChange: (name, state) => `${name}: ${state}`,

  recordsFailed: "Couldn't load your earlier uploads. You can still upload files.",
  requestId: (id) => `Request ID ${id}`,

  errors: {
    'file-changed': {
      title: 'The file changed while it was uploading.',
      advice: "Choose it again. Parts that haven't changed are not sent again.",
    },
    'file-unreadable': {
      title: "The file can't be read.",
      advice:
        'It may have been moved, changed or deleted, or its drive may be disconnected. Choose it again.',
    },
    'permission-denied': {
      title: "The browser wasn't allowed to read the file again.",
      advice: 'Click “Allow” when the browser asks, or choose the file again.',
    },
    'file-too-large': {
      title: 'The file is larger than this site accepts.',
      advice: 'Split or compress it, or ask your administrator to raise the limit.',
    },
    network: {
      title: 'The connection was lost.',
      advice: 'Check your connection and try again. What is already uploaded is not sent again.',
    },
    unauthorized: {
      title: 'You are signed out, or not allowed to upload here.',
      advice: 'Sign in in another tab, then try again.',
    },
    forbidden: {
      title: "The server doesn't allow this upload.",
      advice: 'The reason is below. Try again once that has changed, or ask your administrator.',
    },
    'forbidden-origin': {
      title: "The server doesn't recognize this page's address.",
      advice:
        "Your administrator has to set PUBLIC_BASE_URL or ALLOWED_ORIGINS. The server's answer says which value.",
    },
    'invalid-request': {
      title: 'The server rejected this upload.',
      advice: 'Reload the page and try again. If it keeps happening, tell your administrator.',
    },
    'upload-gone': {
      title: 'This unfinished upload no longer exists in storage.',
      advice: 'It was cancelled elsewhere or has expired. Try again to upload from the beginning.',
    },
    'checksum-mismatch': {
      title: "The stored file didn't match yours and was deleted.",
      advice: 'Try again. If it happens again, this device or its network damages data.',
    },
    'store-denied': {
      title: 'Storage refused this upload.',
      advice: "Check that this device's clock is right and try again, or tell your administrator.",
    },
    'store-full': {
      title: 'Storage is full.',
      advice: 'Try again once your administrator has freed up space. What is already uploaded is kept.',
    },
    'store-unavailable': {
      title: "Storage isn't responding.",
      advice: 'Try again in a few minutes. What is already uploaded is kept.',
    },
    'store-misconfigured': {
      title: "Storage doesn't let this page upload.",
      advice: "Your administrator has to allow this page's address in the bucket's CORS rules.",
    },
    'server-error': {
      title: 'The server had a problem.',
      advice: 'Try again in a few minutes. If it keeps happening, tell your administrator.',
    },
    'unexpected-answer': {
      title: 'Something answered in place of the server or storage.',
      advice:
        'A proxy, a firewall or a network sign-in page may be in the way. Open a new tab to check, then try again, or tell your administrator.',
    },
    'insecure-connection': {
      title: "Couldn't connect securely to the server.",
      advice:
        "Check the address and this device's clock, or ask your administrator to check the certificate.",
    },
    'page-outdated': {
      title: 'A newer version of this page is available.',
      advice: 'Reload the page. Nothing is lost.',
    },
    'unsupported-browser': {
      title: "This browser can't upload here.",
      advice: 'Use a current Chrome, Edge, Firefox or Safari, over HTTPS.',
    },
    cancelled: { title: 'The upload was cancelled.', advice: 'Nothing of this upload is left in storage.' },
    internal: {
      title: 'Something went wrong on this page.',
      advice: 'Try again. If it keeps happening, reload the page and choose the file again: it resumes.',
    },
  },

  download: 'Download',
  preview: 'Preview',
  previewFailed: "Your browser can't show this file. Download it instead.",
  close: 'Close',
  share: 'Share',
  shareWho: (until) =>
    `Anyone with this link can download this file until ${until}. Your other files stay private. Deleting the file turns the link off.`,
  shareMaking: 'Creating the link…',
  shareFailed: "Couldn't create a link. Check your connection and try again.",
  shareExpires: 'Link expires in',
  days: (count) => (count === 1 ? '1 day' : `${count} days`),
  shareUrl: (name) => `Share link for ${name}`,
  verified: 'Verified',
  verifiedHint:
    'The stored file is identical to yours. To check a copy later, keep the receipt and run: carryon verify FILE RECEIPT',
  copyReceipt: 'Copy receipt',
  receiptFailed: "Couldn't load the details. Check your connection and try again.",
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
  noChecksum: 'Not provided by storage',
  storedOn: (host) => `Files are stored on ${host}.`,
  listOfBrowser: "You're not signed in: this list belongs to this browser.",
  unfinishedKept: (days) =>
    `Unfinished uploads are deleted after ${counted(days, 'day', 'days')} without activity.`,
  finishedKept: (days) => `Files are deleted ${counted(days, 'day', 'days')} after upload.`,
}
