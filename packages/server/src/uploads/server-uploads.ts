import { longestLink, mostPerPage, type RegisteredUpload } from '@carryon/protocol'
import type { SignedLinks } from '../access/signed-link.js'
import type { ListPosition } from '../repository/upload-repository.js'
import { isKeepable } from '../keepable-text.js'
import { openStates, type UploadRow } from '../repository/upload-row.js'
import { removeFinished, renameFinished } from './finished-upload.js'
import { presignObject } from './object-link.js'
import { shareUrl, usualShareSeconds } from './share-link.js'
import { noObject, notFound } from './upload-problems.js'
import type { UploadServices } from './upload-services.js'
import { viewOfUpload } from './upload-view.js'

/**
 * Uploads of all owners, for the application's own code: nobody is asked whether they may. Errors are those that the HTTP API
 * would answer, with their `code`.
 */
export interface ServerUploads {
  /** `null` where there is none of this id. */
  find(id: string): Promise<OwnedUpload | null>
  /** One page, newest first. */
  list(query?: ListUploadsQuery): Promise<UploadsPage>
  /**
   * Removes a finished upload, with its object. Also resolves when it was removed before.
   *
   * @throws an error of code `not-found` where there is no finished upload of this id, `forbidden` while `onDone` has not
   * heard of it
   */
  remove(id: string): Promise<void>
  /**
   * Gives a finished upload another name. The object's address stays.
   *
   * @param name 1 to 1 024 characters
   * @throws an error of code `not-found` where there is no finished upload of this id
   */
  rename(id: string, name: string): Promise<OwnedUpload>
  /**
   * An address under which a finished upload can be downloaded or looked at.
   *
   * @throws an error of code `not-found` where there is no finished upload of this id; TypeError where the options cannot be met
   */
  link(id: string, options?: ServerLinkOptions): Promise<ServerLink>
}

/** An upload, and whose it is. Its `url` is a path on this server, unless `publicUrlBase` or `publicBaseUrl` say where that is. */
export interface OwnedUpload extends RegisteredUpload {
  readonly owner: string
}

/** What {@link ServerUploads.list} looks for. */
export interface ListUploadsQuery {
  /** @default all owners */
  readonly owner?: string
  /** `open` includes those that are being completed. @default 'done' */
  readonly state?: 'open' | 'done'
  /** 1 to 200. @default 50 */
  readonly limit?: number
  /** `next` of the page before. */
  readonly after?: ListPosition
}

/** One page of uploads. */
export interface UploadsPage {
  readonly uploads: readonly OwnedUpload[]
  /** For `after`; `null`: there are no more. */
  readonly next: ListPosition | null
}

/** Options of {@link ServerUploads.link}. */
export interface ServerLinkOptions {
  /** Whether a browser shows the file, where that is safe. @default false: it downloads it */
  readonly inline?: boolean
  /** Seconds, 1 to 604 800. @default an hour; of a public one a day */
  readonly expiresIn?: number
  /**
   * A share link of this server, as people make them: it ends when the file is removed, and leads nowhere else. It needs
   * `publicBaseUrl`, and `shareDays` bounds it. Without it the address is the store's own, for a redirect after a check of
   * yours. @default false
   */
  readonly public?: boolean
}

/** A link, and until when it works. */
export interface ServerLink {
  readonly url: string
  readonly expiresAt: Date
}

/** @param base address of the server with its path; `null` where the options do not say it */
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
      const states = state === 'open' ? openStates : (['done'] as const)
      const rows = await repository.list(owner ?? null, states, limit + 1, after)
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
        throw new TypeError('uploads.rename: the name must have 1 to 1024 characters, none of them NUL')
      }
      const { owner } = await rowOf(id)
      return owned(await renameFinished(services, owner, id, text))
    },
    async link(id, options = {}) {
      const { inline = false, public: forAll = false } = options
      const longest = forAll ? limits.shareSeconds : longestLink
      const { expiresIn = forAll ? usualShareSeconds(longest) : 3_600 } = options
      if (longest === 0) throw new TypeError('uploads.link: there are no public links, for shareDays is 0')
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
        throw new TypeError('uploads.link: a public link needs publicBaseUrl, where people reach this server')
      }
      return {
        url: await shareUrl(links, row.id, { base, until, inline }),
        expiresAt: new Date(until * 1_000),
      }
    },
  }
}
