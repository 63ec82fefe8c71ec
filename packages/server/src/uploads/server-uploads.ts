import { longestLink, mostPerPage, type RegisteredUpload } from '@carryon/protocol'
import type { SignedLinks } from '../access/signed-link.js'
import type { ListPosition } from '../repository/upload-repository.js'
import { isKeepable } from '../keepable-text.js'
import type { UploadRow } from '../repository/upload-row.js'
import { removeFinished, renameFinished } from './finished-upload.js'
import { presignObject } from './object-link.js'
import { shareUrl, usualShareSeconds } from './share-link.js'
import { noObject, notFound } from './upload-problems.js'
import type { UploadServices } from './upload-services.js'
import { viewOfUpload } from './upload-view.js'

/**
 * Access to the uploads of all owners, for the application's own code, without authorization. Errors have the same `code`
 * as those of the HTTP API.
 */
export interface ServerUploads {
  /** Finds an upload by its id; `null` if there is none. */
  find(id: string): Promise<OwnedUpload | null>
  /** Lists one page, newest first. */
  list(query?: ListUploadsQuery): Promise<UploadsPage>
  /**
   * Removes a finished upload and its object. Also resolves if it was removed before.
   *
   * @throws an error of code `not-found` if there is no finished upload of this id, `forbidden` while `onDone` has not
   * run for it
   */
  remove(id: string): Promise<void>
  /**
   * Renames a finished upload. The object's address stays.
   *
   * @param name 1 to 1 024 characters
   * @throws an error of code `not-found` if there is no finished upload of this id
   */
  rename(id: string, name: string): Promise<OwnedUpload>
  /**
   * Makes a URL to download or view a finished upload.
   *
   * @throws an error of code `not-found` if there is no finished upload of this id; TypeError if the options cannot be met
   */
  link(id: string, options?: ServerLinkOptions): Promise<ServerLink>
}

/** An upload with its owner. Its `url` is a path on this server, unless `publicUrlBase` or `publicBaseUrl` is set. */
export interface OwnedUpload extends RegisteredUpload {
  /** Owner of the upload. */
  readonly owner: string
}

/** Query of {@link ServerUploads.list}. */
export interface ListUploadsQuery {
  /** @default all owners */
  readonly owner?: string
  /** `open` includes those that are being completed. @default 'done' */
  readonly state?: 'open' | 'done'
  /** 1 to 200. @default 50 */
  readonly limit?: number
  /** `next` of the previous page. */
  readonly after?: ListPosition
}

/** One page of uploads. */
export interface UploadsPage {
  /** Newest first. */
  readonly uploads: readonly OwnedUpload[]
  /** Pass it as `after` for the next page; `null`: this is the last page. */
  readonly next: ListPosition | null
}

/** Options of {@link ServerUploads.link}. */
export interface ServerLinkOptions {
  /** Whether a browser shows the file, where that is safe, instead of downloading it. @default false */
  readonly inline?: boolean
  /** Validity in seconds, 1 to 604 800. @default an hour; a day with `public` */
  readonly expiresIn?: number
  /**
   * Whether to make a share link of this server, like those that people make: it stops working when the file is removed, and
   * grants access to nothing else. It requires `publicBaseUrl`, and `shareDays` limits its validity. Otherwise the URL is the
   * store's own; redirect to it after your own check. @default false
   */
  readonly public?: boolean
}

/** A link and its expiry. */
export interface ServerLink {
  /** Absolute. */
  readonly url: string
  /** When it expires. */
  readonly expiresAt: Date
}

/** @param base address of the server with its path; `null` if the options do not set it */
export function serverUploads(
  services: UploadServices,
  links: SignedLinks,
  base: string | null,
  ready: () => Promise<unknown>,
): ServerUploads {
  const { repository, now, limits } = services
  const owned = (row: UploadRow): OwnedUpload => ({ ...viewOfUpload(row, base ?? ''), owner: row.owner })
  const rowOf = async (id: string): Promise<UploadRow> => {
    await ready()
    const row = await repository.get(id)
    if (row === undefined) throw notFound()
    return row
  }

  return {
    async find(id) {
      await ready()
      const row = await repository.get(id)
      return row === undefined ? null : owned(row)
    },
    async list({ owner, state = 'done', limit = 50, after } = {}) {
      if (!Number.isInteger(limit) || limit < 1 || limit > mostPerPage) {
        throw new TypeError(`uploads.list: limit must be a whole number from 1 to ${mostPerPage}`)
      }
      await ready()
      const rows = await repository.list(owner ?? null, state, limit + 1, after)
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      const next =
        rows.length > limit && last !== undefined ? { createdAt: last.createdAt, id: last.id } : null
      return { uploads: shown.map(owned), next }
    },
    async remove(id) {
      const { owner } = await rowOf(id)
      await removeFinished(services, owner, id)
    },
    async rename(id, name) {
      const text = name.trim()
      if (text === '' || text.length > 1_024 || !isKeepable(text)) {
        throw new TypeError('uploads.rename: the name must have 1 to 1024 characters without NUL')
      }
      const { owner } = await rowOf(id)
      return owned(await renameFinished(services, owner, id, text))
    },
    async link(id, options = {}) {
      const { inline = false, public: forAll = false } = options
      const longest = forAll ? limits.shareSeconds : longestLink
      const { expiresIn = forAll ? usualShareSeconds(longest) : 3_600 } = options
      if (longest === 0)
        throw new TypeError('uploads.link: public links are switched off, because shareDays is 0')
      if (!Number.isInteger(expiresIn) || expiresIn < 1 || expiresIn > longest) {
        throw new TypeError(`uploads.link: expiresIn must be a whole number of seconds from 1 to ${longest}`)
      }
      const row = await rowOf(id)
      if (row.state !== 'done') throw noObject()
      const until = Math.floor(now() / 1_000) + expiresIn
      if (!forAll) {
        const { url, expiresAt = until } = await presignObject(services, row, { inline, expiresIn })
        return { url, expiresAt: new Date(Math.min(expiresAt, until) * 1_000) }
      }
      if (base === null) {
        throw new TypeError(
          'uploads.link: a public link needs publicBaseUrl, the address at which people reach this server',
        )
      }
      return {
        url: await shareUrl(links, row.id, { base, until, inline }),
        expiresAt: new Date(until * 1_000),
      }
    },
  }
}
