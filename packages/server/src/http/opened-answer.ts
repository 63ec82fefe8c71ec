import type { FoundDuplicates, OpenedUpload } from '../uploads/open-upload.js'
import type { UploadDesk } from '../uploads/upload-desk.js'
import { viewOfUpload } from '../uploads/upload-view.js'
import type { ApiAnswer } from './answer.js'

/** What an open is answered, on its own or among others: docs/api.md. @param origin of this server */
export function openedAnswer(
  { store, now }: UploadDesk,
  opened: OpenedUpload | FoundDuplicates,
  origin: string,
): ApiAnswer {
  const serverTime = now() / 1_000
  if ('duplicates' in opened) {
    const duplicates = opened.duplicates.map(({ upload, md5, etagsDigest }) => ({
      upload: viewOfUpload(upload, origin),
      md5,
      etagsDigest,
    }))
    return { status: 200, body: { duplicates, serverTime } }
  }
  const { partChecksum, objectChecksum, etagIsMd5 } = store.capabilities
  return {
    status: opened.created ? 201 : 200,
    body: {
      upload: viewOfUpload(opened.upload, origin),
      parts: opened.parts,
      access: opened.access,
      checksums: { part: partChecksum, object: objectChecksum, etagIsMd5 },
      serverTime,
    },
  }
}
