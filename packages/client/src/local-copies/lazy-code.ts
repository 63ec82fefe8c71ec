/** All that is loaded only once there is something to keep, to list or to tell apart. */
export * from '../queue/index.js'
export { isCopyOf } from '../upload/another-file.js'
export { earlierState } from '../upload/earlier-state.js'
export { listUnfinished, listUnfinishedHere } from '../unfinished-list.js'
export { browserCopyStorage } from './browser-copy-storage.js'
export { CopyManager } from './copy-manager.js'
