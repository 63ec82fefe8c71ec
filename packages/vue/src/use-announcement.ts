import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { useLanguage } from './language/use-language.js'
import { stateWords } from './rows/row-words.js'
import type { UploadRow } from './rows/upload-row.js'

/** Milliseconds between two announcements, so that a screen reader can finish one. */
const pause = 1500

/**
 * What to say to assistive technology about changes of state: a single one by file and state, many as counts.
 *
 * @param changes rows whose state changed in the last frame
 */
export function useAnnouncement(changes: Readonly<Ref<readonly UploadRow[]>>): Readonly<Ref<string>> {
  const { messages } = useLanguage()
  const words = ref('')
  const gathered = new Set<UploadRow>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function say(): void {
    timer = undefined
    const rows = [...gathered]
    gathered.clear()
    const [first] = rows
    if (first && rows.length === 1) {
      const state = stateWords(first.snapshot.value, messages.value)
      words.value = messages.value.stateChange(first.upload.file.name, state)
      return
    }
    const count = (state: 'done' | 'failed') =>
      rows.filter((row) => row.snapshot.value.state === state).length
    words.value = messages.value.changes({ done: count('done'), failed: count('failed') })
  }

  watch(changes, (rows) => {
    for (const row of rows) {
      const { state, waitReason } = row.snapshot.value
      // Steps on the way and the queue say nothing that somebody could act on.
      const passing = state === 'identifying' || state === 'opening' || waitReason === 'queue'
      if (!passing) gathered.add(row)
    }
    if (gathered.size > 0) timer ??= setTimeout(say, pause)
  })
  onScopeDispose(() => clearTimeout(timer))
  return words
}
