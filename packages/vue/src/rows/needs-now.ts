import type { UnfinishedUpload, UploadError } from '@carryon/client'

/** A permission can be given after all; whatever else kept it from going on, its file has to be picked. */
export function needsNow(
  { needs }: UnfinishedUpload,
  trouble: UploadError | null | undefined,
): UnfinishedUpload['needs'] {
  return trouble === null || trouble === undefined || trouble.code === 'permission-denied' ? needs : 'file'
}
