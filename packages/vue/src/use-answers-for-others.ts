import type { UploadSnapshot } from '@carryon/client'
import type { DuplicateQuestions } from '@carryon/view'
import { computed, type ComputedRef, type Ref } from 'vue'
import type { RowGroups } from './rows/row-groups.js'
import type { UploadRow } from './rows/upload-row.js'

/** For which other files an answer about a duplicate holds: of those that were added with it. */
export function useAnswersForOthers(
  groups: Readonly<Ref<RowGroups>>,
  questions: Pick<DuplicateQuestions, 'batchOf'>,
): {
  readonly answersForEquals: ComputedRef<ReadonlySet<UploadRow>>
  readonly answersForComing: ComputedRef<boolean>
} {
  const batchOf = ({ upload }: UploadRow): object | null => questions.batchOf(upload)
  return {
    answersForEquals: computed(() => {
      const { asked, open } = groups.value
      if (asked.length === 0) return new Set()
      // Not the rows' refs: their figures change with each frame, and whoever begins to wait is grouped anew.
      const waiting = new Set(
        open.filter(({ upload }) => upload.snapshot.waitReason === 'same-file').map(batchOf),
      )
      return new Set(asked.filter((row) => batchOf(row) !== null && waiting.has(batchOf(row))))
    }),
    answersForComing: computed(() => {
      const { asked, open } = groups.value
      if (asked.length === 0) return false
      const batches = new Set(asked.map(batchOf))
      return open.some(
        (row) => isToBeCompared(row.upload.snapshot) && batchOf(row) !== null && batches.has(batchOf(row)),
      )
    }),
  }
}

function isToBeCompared({ state, waitReason }: UploadSnapshot): boolean {
  return state === 'identifying' || waitReason === 'queue' || waitReason === 'same-file'
}
