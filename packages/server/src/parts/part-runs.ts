import { z } from 'zod'
import type { UploadRow } from '../repository/upload-row.js'

/** Part runs as in a complete request: each run's part size applies to the parts after its part number. */
export const partRuns = z
  .array(z.object({ after: z.int().nonnegative(), partSize: z.int().positive() }))
  .min(1)
  .max(1_500)

/** The recorded runs; `null`: all parts have the row's `partSize`, or the upload is not completed yet. */
export function runsOfRow({ partRuns: text }: Pick<UploadRow, 'partRuns'>): z.infer<typeof partRuns> | null {
  return text === null ? null : partRuns.parse(JSON.parse(text))
}
