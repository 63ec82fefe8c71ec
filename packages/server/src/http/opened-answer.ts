import { checksumsOf } from '../uploads/checksums.js'
import type { FoundDuplicates, OpenedUpload } from '../uploads/open-upload.js'
import type { UploadServices } from '../uploads/upload-services.js'
import { viewOfUpload } from '../uploads/upload-view.js'
import type { ApiAnswer } from './answer.js'

/** The answer to an open, alone or in a batch: docs/api.md. @param base address of this server */
export function openedAnswer(
  services: UploadServices,
  opened: OpenedUpload | FoundDuplicates,
  base: string,
): ApiAnswer {
  const serverTime = services.now() / 1_000
  if ('duplicates' in opened) {
    const duplicates = opened.duplicates.map(({ upload, md5, etagsDigest }) => ({
      upload: viewOfUpload(upload, base),
      md5,
      etagsDigest,
    }))
    return { status: 200, body: { duplicates, serverTime } }
  }
  return {
    status: opened.created ? 201 : 200,
    body: {
      upload: viewOfUpload(opened.upload, base),
      created: opened.created,
      parts: opened.parts,
      access: opened.access,
      checksums: checksumsOf(services, opened.upload),
      serverTime,
    },
  }
}
