import type { UploadRow } from '../repository/upload-row.js'
import { viewOfUpload } from '../uploads/upload-view.js'
import type { ApiAnswer } from './answer.js'

/** The answer to a complete, alone or in a batch: docs/api.md. @param base address of this server */
export function completedAnswer(row: UploadRow, base: string): ApiAnswer {
  return { status: row.state === 'done' ? 200 : 202, body: uploadAnswer(row, base) }
}

/** An upload, with the data that `onDone` returned. @param base address of this server */
export function uploadAnswer(row: UploadRow, base: string) {
  const upload = viewOfUpload(row, base)
  return row.result === null ? { upload } : { upload, result: { data: JSON.parse(row.result) as unknown } }
}
