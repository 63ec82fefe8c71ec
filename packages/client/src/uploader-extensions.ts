import type { localCopies } from './extensions/local-copies/index.js'
import type { resumeMemory } from './extensions/resume-memory/index.js'
import type { pickQueue } from './extensions/queue/index.js'
import type { tabs } from './extensions/tabs/index.js'

/**
 * What an uploader does beyond sending and verifying. Each member is exported under its name; an extension that is left
 * out is not in the page's bundle. Uploads stay correct without any of them; each member describes what is lost without
 * it.
 */
export interface UploaderExtensions {
  /**
   * Remembers acknowledged parts in IndexedDB. Without it a later page still resumes, but has to read the file to
   * compare it with what the store holds.
   */
  readonly resumeMemory?: typeof resumeMemory
  /**
   * A second tab with the same file shows and controls the first one's upload. Without it the second tab waits until
   * the first is done, and then uploads an object of its own.
   */
  readonly tabs?: typeof tabs
  /**
   * Keeps local copies and file handles, so that a later page resumes without a pick. Without it the user picks the
   * file again.
   */
  readonly localCopies?: typeof localCopies
  /** Remembers picked files that have not begun. Without it a reload forgets them, so warn before the page is left. */
  readonly pickQueue?: typeof pickQueue
}
