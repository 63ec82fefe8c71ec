/** All that is loaded only once there is something to keep or to list. */
export * from '../queue/index.js'
export { listUnfinished } from '../unfinished-list.js'
export { browserKeeping } from './browser-keeping.js'
export { FileKeeper } from './file-keeper.js'
