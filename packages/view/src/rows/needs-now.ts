import type { UnfinishedUpload, UploadError } from '@carryon/client'

/**
 * What an unfinished upload needs after it could not resume. A permission can still be granted; after any other failure the
 * file must be picked.
 *
 * @param trouble why it could not resume just now; absent if nothing is wrong
 */
export function needsNow(
  { needs }: Pick<UnfinishedUpload, 'needs'>,
  trouble: UploadError | null | undefined,
): UnfinishedUpload['needs'] {
  return trouble === null || trouble === undefined || trouble.code === 'permission-denied' ? needs : 'file'
}
