import type { OnDuplicate } from '../../duplicate-types.js'
import { clockSkew } from './same-upload.js'

/**
 * For a file that an earlier page had picked: that page may have stored it without living to note it. What was stored
 * under its name since the pick is it; about anything older `others` decides.
 */
export function reuseSincePick(pickedAt: number, others: OnDuplicate): OnDuplicate {
  return (duplicate, signal) => {
    const { file, stored } = duplicate
    const isIt = stored.name === file.name && Date.parse(stored.finishedAt) >= pickedAt - clockSkew
    if (isIt) return 'reuse'
    return typeof others === 'function' ? others(duplicate, signal) : others
  }
}
