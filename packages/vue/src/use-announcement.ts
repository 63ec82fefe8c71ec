import { formatBytes, stateWords } from '@carryon/view'
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { useLanguage } from './language/use-language.js'
import type { UploadRow } from './rows/upload-row.js'

/** Milliseconds between two announcements, so that a screen reader can finish one. */
const pause = 1500

/**
 * What to say to assistive technology about changes of state: a single one by file and state, many as counts. That
 * something is lost in the store, and the figures have gone back, is said once of each loss.
 *
 * @param changes rows whose state changed in the last frame, or that began to lose something
 */
export function useAnnouncement(changes: Readonly<Ref<readonly UploadRow[]>>): Readonly<Ref<string>> {
  const { messages } = useLanguage()
  const words = ref('')
  /** Each with the loss that is to be told of it. */
  const gathered = new Map<UploadRow, number>()
  const losing = new Set<UploadRow>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function say(): void {
    timer = undefined
    const rows = [...gathered]
    gathered.clear()
    const [first] = rows
    if (first && rows.length === 1) {
      const [{ snapshot, upload }, lost] = first
      const told = [stateWords(snapshot.value, messages.value)]
      if (lost > 0) told.push(messages.value.lost(formatBytes(lost)))
      words.value = messages.value.stateChange(upload.file.name, told.join(messages.value.comma))
      return
    }
    const count = (state: 'done' | 'failed') =>
      rows.filter(([row]) => row.snapshot.value.state === state).length
    words.value = messages.value.changes({
      done: count('done'),
      failed: count('failed'),
      losing: rows.filter(([, lost]) => lost > 0).length,
    })
  }

  /** Bytes whose loss was not told of yet. */
  function newlyLost(row: UploadRow): number {
    const { lost } = row.snapshot.value.progress
    if (lost === 0) losing.delete(row)
    if (lost === 0 || losing.has(row)) return 0
    losing.add(row)
    return lost
  }

  watch(changes, (rows) => {
    for (const row of rows) {
      const { state, waitReason } = row.snapshot.value
      const lost = newlyLost(row)
      // Steps on the way and the queue say nothing that somebody could act on.
      const passing = state === 'identifying' || state === 'opening' || waitReason === 'queue'
      if (!passing || lost > 0) gathered.set(row, Math.max(lost, gathered.get(row) ?? 0))
    }
    if (gathered.size > 0) timer ??= setTimeout(say, pause)
  })
  onScopeDispose(() => clearTimeout(timer))
  return words
}
