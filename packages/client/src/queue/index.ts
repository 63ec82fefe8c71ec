/** All of the queue that a page loads later than its first byte. */
export { indexedDbPicks } from './indexeddb-picks.js'
export { Queue } from './queue.js'
