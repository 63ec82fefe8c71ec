import type { UploadRow } from '../register/upload-row.js'
import { viewOfUpload } from '../uploads/upload-view.js'
import type { ApiAnswer } from './answer.js'

/** What a complete is answered, on its own or among others: docs/api.md. @param origin of this server */
export function completedAnswer(row: UploadRow, origin: string): ApiAnswer {
  return { status: row.state === 'done' ? 200 : 202, body: { upload: viewOfUpload(row, origin) } }
}
