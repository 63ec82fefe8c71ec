import { createAnnouncement } from '@carryon/view'
import { onScopeDispose, watch, type Ref } from 'vue'
import { useLanguage } from './language/use-language.js'
import type { UploadRow } from './rows/upload-row.js'
import { useStore } from './use-store.js'

/**
 * Text that announces state changes to assistive technology: a single change by file and state, many changes as
 * counts. When the store has lost data and progress goes back, each loss is announced once.
 *
 * @param changes rows whose state changed in the last frame, or whose progress started to go back
 */
export function useAnnouncement(changes: Readonly<Ref<readonly UploadRow[]>>): Readonly<Ref<string>> {
  const { messages } = useLanguage()
  const announcement = createAnnouncement(() => messages.value)
  watch(changes, (rows) => announcement.tell(rows.map(({ row }) => row)))
  onScopeDispose(announcement.stop)
  return useStore(announcement)
}
