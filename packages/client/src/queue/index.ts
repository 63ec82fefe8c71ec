/** All of the queue that a page loads later than its first byte. */
export { openQueue } from './open-queue.js'
