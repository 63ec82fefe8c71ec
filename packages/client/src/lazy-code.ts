import type * as LazyCode from './lazy-code.js'

/** All that is loaded only once there is something to keep, to list or to tell apart. */
export * from './queue/index.js'
export { isCopyOf } from './upload/steps/another-file.js'
export { earlierState } from './upload/steps/earlier-state.js'
export { listUnfinished, listUnfinishedHere } from './unfinished-list.js'
export { browserCopyStorage } from './local-copies/browser-copy-storage.js'
export { CopyManager } from './local-copies/copy-manager.js'

/** Code that is loaded once there is something to keep or to list. */
export type LoadLazyCode = () => Promise<typeof LazyCode>
