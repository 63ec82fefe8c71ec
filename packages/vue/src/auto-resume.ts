import type { UnfinishedUpload, UploadError } from '@carryon/client'
import type { Uploads, UploadsSnapshot } from '@carryon/view'
import { computed, type Ref } from 'vue'

/** Resumes unfinished uploads without picking their files again. */
export interface AutoResume {
  /** Whether uploads that can resume by themselves do so. Assign to change it; the browser remembers the choice. */
  readonly automatic: Ref<boolean>
  /** Why an upload could not be resumed, by the server's upload id. */
  readonly troubles: Readonly<Ref<ReadonlyMap<string, UploadError>>>
  /** Resumes an upload. Call it in a click handler, because the browser may have to ask for permission. */
  readonly resumeOne: (upload: UnfinishedUpload) => Promise<void>
  /**
   * Resumes several uploads, one after the other. The browser asks for permission once for all of them. Stops at the
   * first refusal.
   */
  readonly resumeAll: (uploads: readonly UnfinishedUpload[]) => Promise<void>
  /** Stops the automatic resuming of an upload. */
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
