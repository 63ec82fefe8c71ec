import type { UnfinishedUpload, UploadError } from '@carryon/client'
import type { Uploads, UploadsSnapshot } from '@carryon/view'
import { computed, type Ref } from 'vue'

/** How unfinished uploads go on without a file being picked. */
export interface AutoResume {
  /** Whether those that can go on by themselves do; set it to choose, and it is remembered. */
  readonly automatic: Ref<boolean>
  /** Why one could not go on, by the server's id. */
  readonly troubles: Readonly<Ref<ReadonlyMap<string, UploadError>>>
  /** Goes on without a pick. Call it when a button was just clicked: the browser may have to ask for permission. */
  readonly resumeOne: (upload: UnfinishedUpload) => Promise<void>
  /**
   * As `resumeOne` for several, one after the other: a browser asks once, and gives the permission for all. Ends with the
   * first that is refused.
   */
  readonly resumeAll: (uploads: readonly UnfinishedUpload[]) => Promise<void>
  /** Does not go on by itself any more. */
  readonly leaveAlone: (upload: UnfinishedUpload) => void
}

export function autoResumeOf(uploads: Uploads, snapshot: Readonly<Ref<UploadsSnapshot>>): AutoResume {
  return {
    automatic: computed({ get: () => snapshot.value.automatic, set: uploads.setAutomatic }),
    troubles: computed(() => snapshot.value.troubles),
    resumeOne: uploads.resumeOne,
    resumeAll: uploads.resumeSeveral,
    leaveAlone: uploads.leaveAlone,
  }
}
