import { createAnnouncement } from '@carryon/view'
import { onScopeDispose, watch, type Ref } from 'vue'
import { useLanguage } from './language/use-language.js'
import type { UploadRow } from './rows/upload-row.js'
import { useStore } from './use-store.js'

/**
 * What to say to assistive technology about changes of state: a single one by file and state, many as counts. That
 * something is lost in the store, and the figures have gone back, is said once of each loss.
 *
 * @param changes rows whose state changed in the last frame, or that began to lose something
 */
export function useAnnouncement(changes: Readonly<Ref<readonly UploadRow[]>>): Readonly<Ref<string>> {
  const { messages } = useLanguage()
  const announcement = createAnnouncement(() => messages.value)
  watch(changes, (rows) => announcement.tell(rows.map(({ row }) => row)))
  onScopeDispose(announcement.stop)
  return useStore(announcement)
}
