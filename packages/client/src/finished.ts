/** What a page does with finished files beside listing, renaming and removing them: an entry of its own, so that others do without its code. */
import type { LinkAnswer, UploadReceipt } from '@carryon/protocol'
import { apiCalls, type HttpBackendOptions } from './backend/api-calls.js'
import { count, oneOf, orNull, record, text } from './backend/answer-shape.js'
import type { Guard } from './backend/answer-shape.js'
import { toUploadError } from './core/upload-errors.js'

export type { HttpBackendOptions } from './backend/api-calls.js'
export type { OwnerMemory } from './backend/owner-key.js'
export type { LinkAnswer, ReceiptComparison, UploadReceipt } from '@carryon/protocol'

/** What can be asked about this owner's finished uploads. Each call rejects with an `UploadError`. */
export interface FinishedFiles {
  /** Makes a link with which everybody can get the file until it is over. */
  link(id: string, options?: LinkOptions): Promise<LinkAnswer>
  /** What was verified, to compare a copy with: as JSON it is what `carryon verify` takes. */
  receipt(id: string): Promise<UploadReceipt>
}

/** Options of {@link FinishedFiles.link}. */
export interface LinkOptions {
  /**
   * Seconds, as many as the server allows at most.
   *
   * @default a day
   */
  readonly expiresIn?: number
  /**
   * Whether the link shows the file in the browser, where that is safe.
   *
   * @default false: it downloads the file
   */
  readonly inline?: boolean
}

/**
 * Finished files of a server that speaks docs/api.md. Give it the address and the options that the uploader's backend has.
 *
 * @param url base of the API without trailing slash, absolute or of this page: `/api`
 * @example
 * const { url } = await httpFinishedFiles('/api').link(id, { expiresIn: 7 * 86_400 })
 */
export function httpFinishedFiles(url: string | URL, options: HttpBackendOptions = {}): FinishedFiles {
  const call = apiCalls(url, options)
  const ask = async <T>(
    method: string,
    id: string,
    what: string,
    body: unknown,
    guard: Guard<T>,
  ): Promise<T> => {
    try {
      return await call(
        method,
        `/uploads/${encodeURIComponent(id)}/${what}`,
        body,
        guard,
        new AbortController().signal,
      )
    } catch (error) {
      throw toUploadError(error, 'The finished file')
    }
  }
  return {
    link: (id, { expiresIn, inline } = {}) => ask('POST', id, 'link', { expiresIn, inline }, isLink),
    receipt: (id) => ask('GET', id, 'receipt', undefined, isReceipt),
  }
}

const isLink = record<LinkAnswer>({ url: text, expiresAt: text })

/** As far as a page reads it. */
const isReceipt = record<UploadReceipt>({
  carryonReceipt: oneOf(1),
  size: count,
  parts: count,
  sentAgain: count,
  resumedFrom: orNull(count),
  crc64: orNull(text),
  comparedBy: Array.isArray,
})
