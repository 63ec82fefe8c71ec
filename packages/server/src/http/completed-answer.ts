import type { UploadRow } from '../repository/upload-row.js'
import { viewOfUpload } from '../uploads/upload-view.js'
import type { ApiAnswer } from './answer.js'

/** What a complete is answered, on its own or among others: docs/api.md. @param base address of this server */
export function completedAnswer(row: UploadRow, base: string): ApiAnswer {
  return { status: row.state === 'done' ? 200 : 202, body: { upload: viewOfUpload(row, base) } }
}
