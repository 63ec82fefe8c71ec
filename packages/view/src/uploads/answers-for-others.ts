import type { UploadSnapshot } from '@carryon/client'
import type { RowGroups } from '../rows/row-groups.js'
import type { UploadRow } from '../rows/upload-row.js'
import type { DuplicateQuestions } from './duplicate-questions.js'

/** Which other files of the same batch an answer about a duplicate also applies to. */
export interface AnswersForOthers {
  /** Rows whose answer also applies to other files of equal content. */
  readonly equals: ReadonlySet<UploadRow>
  /** Whether an answer for all may also apply to files that are still being compared. */
  readonly coming: boolean
}

/**
 * Reads the uploads instead of the rows' snapshots: those change with every frame, while a row that begins to wait
 * causes regrouping anyway.
 */
export function answersForOthers(
  { asked, open }: RowGroups,
  questions: Pick<DuplicateQuestions, 'batchOf'>,
): AnswersForOthers {
  if (asked.length === 0) return { equals: new Set(), coming: false }
  const batchOf = ({ upload }: UploadRow): object | null => questions.batchOf(upload)
  const waiting = new Set(
    open.filter(({ upload }) => upload.snapshot.waitReason === 'same-file').map(batchOf),
  )
  const batches = new Set(asked.map(batchOf))
  return {
    equals: new Set(asked.filter((row) => batchOf(row) !== null && waiting.has(batchOf(row)))),
    coming: open.some(
      (row) => isToBeCompared(row.upload.snapshot) && batchOf(row) !== null && batches.has(batchOf(row)),
    ),
  }
}

function isToBeCompared({ state, waitReason }: UploadSnapshot): boolean {
  return state === 'identifying' || waitReason === 'queue' || waitReason === 'same-file'
}
