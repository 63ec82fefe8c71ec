import type { ListQuery, UploadPage } from '@carryon/protocol'
import type { StsRecord } from './sts-records.js'

/**
 * One page of a list.
 *
 * @param now ISO time: unfinished uploads that expired before it are left out
 */
export function pageOf(
  newestFirst: readonly StsRecord[],
  { state = 'open', limit = 50, cursor }: ListQuery,
  now: string,
): UploadPage {
  const listed = newestFirst.filter(({ upload }) =>
    state === 'done'
      ? upload.state === 'done'
      : ['open', 'completing'].includes(upload.state) && upload.expiresAt > now,
  )
  const start = cursor === undefined ? 0 : listed.findIndex(({ id }) => id === cursor) + 1
  const page = listed.slice(start, start + limit)
  const [first] = page
  return {
    uploads: page.map(({ upload }) => upload),
    next: start + limit < listed.length ? (page.at(-1)?.id ?? null) : null,
    ...(first !== undefined && { storeOrigin: new URL(first.location.baseUrl).origin }),
  }
}
