import type * as LazyCode from './lazy-code.js'

/** Code that is loaded only when it is needed: to keep files, to list uploads, or to compare contents. */
export { browserCopyStorage } from './extensions/local-copies/browser-copy-storage.js'
export { CopyManager } from './extensions/local-copies/copy-manager.js'
export { openQueue } from './extensions/queue/open-queue.js'
export { isSameContent } from './content/content-proof.js'
export { DuplicateChecker } from './upload/duplicate-check.js'
export { isCopyOf } from './upload/steps/earlier-state.js'
export { earlierState } from './upload/steps/earlier-state.js'
export { askLimits, listFinished, removeFinished, renameFinished } from './finished-list.js'
export { listUnfinished, listUnfinishedHere } from './unfinished-list.js'

/** Loads this module. */
export type LoadLazyCode = () => Promise<typeof LazyCode>
