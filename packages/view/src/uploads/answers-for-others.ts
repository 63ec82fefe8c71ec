import type { UploadSnapshot } from '@carryon/client'
import type { RowGroups } from '../rows/row-groups.js'
import type { UploadRow } from '../rows/upload-row.js'
import type { DuplicateQuestions } from './duplicate-questions.js'

/** For which other files an answer about a duplicate holds: of those that were added with it. */
export interface AnswersForOthers {
  /** Rows whose answer holds for others of equal content. */
  readonly equals: ReadonlySet<UploadRow>
  /** Whether an answer about all may hold for others that are still being compared. */
  readonly coming: boolean
}

/**
 * Looks at the uploads, not at the rows' snapshots: figures of those change with each frame, and whoever begins to wait is
 * grouped anew.
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
