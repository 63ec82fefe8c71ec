import type { OnDuplicate } from '../../duplicate-types.js'
import { clockSkew } from './same-upload.js'

/**
 * Duplicate decision for a file that an earlier page picked: that page may have finished its upload without recording
 * it. A duplicate with the same name that was stored since the pick is that upload and is reused; `others` decides
 * about older ones.
 */
export function reuseSincePick(pickedAt: number, others: OnDuplicate): OnDuplicate {
  return (duplicate, signal) => {
    const { file, stored } = duplicate
    const isIt = stored.name === file.name && Date.parse(stored.finishedAt) >= pickedAt - clockSkew
    if (isIt) return 'reuse'
    return typeof others === 'function' ? others(duplicate, signal) : others
  }
}
