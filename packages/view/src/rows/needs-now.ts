import type { UnfinishedUpload, UploadError } from '@carryon/client'

/**
 * What an unfinished upload needs after it could not go on. A permission can be given after all; whatever else went wrong,
 * the file has to be picked.
 *
 * @param trouble why it could not go on just now; nothing when nothing is wrong
 */
export function needsNow(
  { needs }: Pick<UnfinishedUpload, 'needs'>,
  trouble: UploadError | null | undefined,
): UnfinishedUpload['needs'] {
  return trouble === null || trouble === undefined || trouble.code === 'permission-denied' ? needs : 'file'
}
