import type { localCopies } from './extensions/local-copies/index.js'
import type { resumeMemory } from './extensions/resume-memory/index.js'
import type { pickQueue } from './extensions/queue/index.js'
import type { tabs } from './extensions/tabs/index.js'

/**
 * What an uploader does beyond sending and verifying. Each member is exported under its name; what is left out is not in
 * the page's bundle. Whatever is left out, no upload is ever wrong: it costs what the member says.
 */
export interface UploaderExtensions {
  /**
   * Remembers acknowledged parts in IndexedDB. Without it a later page resumes all the same, and compares what the store
   * holds with the file by reading it.
   */
  readonly resumeMemory?: typeof resumeMemory
  /**
   * A second tab with the same file shows and steers the first one's upload. Without it the second tab waits until the
   * first is done, and then uploads an object of its own.
   */
  readonly tabs?: typeof tabs
  /** Keeps copies and handles of files, so that a later page resumes without a pick. Without it the file is picked again. */
  readonly localCopies?: typeof localCopies
  /** Remembers picked files that have not begun. Without it a reload forgets them: warn before the page is left. */
  readonly pickQueue?: typeof pickQueue
}
