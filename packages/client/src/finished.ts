/**
 * Calls for finished files besides listing, renaming and removing them. A separate entry point, so that other pages do
 * not load this code.
 */
import type { LinkAnswer, UploadReceipt } from '@carryon/protocol'
import { apiCalls, type HttpBackendOptions } from './backend/api-calls.js'
import { count, oneOf, orNull, record, text } from './backend/answer-shape.js'
import type { Guard } from './backend/answer-shape.js'
import { toUploadError } from './core/upload-errors.js'

export type { HttpBackendOptions } from './backend/api-calls.js'
export type { OwnerMemory } from './backend/owner-key.js'
export type { LinkAnswer, ReceiptComparison, UploadReceipt } from '@carryon/protocol'

/** Calls about this owner's finished uploads. Each rejects with an `UploadError`. */
export interface FinishedFiles {
  /** Creates a signed link with which everybody can download the file until the link expires. */
  link(id: string, options?: LinkOptions): Promise<LinkAnswer>
  /** The receipt of what was verified, to compare a copy with; `carryon verify` takes it as JSON. */
  receipt(id: string): Promise<UploadReceipt>
}

/** Options of {@link FinishedFiles.link}. */
export interface LinkOptions {
  /**
   * Lifetime of the link in seconds, up to the server's limit.
   *
   * @default a day
   */
  readonly expiresIn?: number
  /**
   * Whether the link shows the file in the browser, if that is safe.
   *
   * @default false: it downloads the file
   */
  readonly inline?: boolean
}

/**
 * Finished files of a server that implements docs/api.md. Pass the same address and options as for the uploader's
 * backend.
 *
 * @param url base URL of the API without trailing slash, absolute or relative to this page: `/api`
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

/** Checks only the fields that a page reads. */
const isReceipt = record<UploadReceipt>({
  carryonReceipt: oneOf(1),
  size: count,
  parts: count,
  sentAgain: count,
  resumedFrom: orNull(count),
  crc64: orNull(text),
  comparedBy: Array.isArray,
})
