/** What a page does with finished files beside listing, renaming and removing them: an entry of its own, so that others do without its code. */
import type { LinkAnswer, UploadReceipt } from '@carryon/protocol'
import { apiCalls, type HttpBackendOptions } from './backend/api-calls.js'
import { isLink, isReceipt } from './backend/finished-shape.js'
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
  const ask = async <Answer>(work: (signal: AbortSignal) => Promise<unknown>): Promise<Answer> => {
    try {
      // The answer was found to be of the shape that it is taken for.
      return (await work(new AbortController().signal)) as Answer
    } catch (error) {
      throw toUploadError(error, 'The finished file')
    }
  }
  const upload = (id: string): string => `/uploads/${encodeURIComponent(id)}`
  return {
    link: (id, { expiresIn, inline } = {}) =>
      ask((signal) => call('POST', `${upload(id)}/link`, { expiresIn, inline }, isLink, signal)),
    receipt: (id) => ask((signal) => call('GET', `${upload(id)}/receipt`, undefined, isReceipt, signal)),
  }
}
