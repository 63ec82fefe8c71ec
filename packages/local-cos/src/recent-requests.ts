import type { IncomingMessage } from 'node:http'
import type { CosError } from './errors.js'
import type { SignatureExplanation } from './explanation/signature-explanation.js'
import type { JournalEntry } from './journal.js'

/** A recent request, with details of its refusal that a client cannot see. */
export interface RecentRequest extends JournalEntry {
  readonly method: string
  readonly host: string
  /** Path and query as received, without credentials that would allow repeating the request. */
  readonly target: string
  readonly userAgent: string
  readonly milliseconds: number
  /** Message of the error. */
  readonly message?: string
  readonly explain?: () => SignatureExplanation
}

const kept = 200
/** Maximum characters kept of each text of a request. */
const maxText = 4096

/** Parameters that are or contain a signature or token. */
const secretParameters =
  /([?&](?:q-signature|sign|x-cos-security-token|x-ci-security-token|x-amz-signature|x-amz-security-token)=)[^&]*/gi

/** Recent requests, newest first, for the page. Holds no signature, token or body. */
export class RecentRequests {
  #requests: RecentRequest[] = []

  get all(): readonly RecentRequest[] {
    return this.#requests
  }

  find(requestId: string): RecentRequest | undefined {
    return this.#requests.find((request) => request.requestId === requestId)
  }

  add(
    entry: JournalEntry & { readonly milliseconds: number },
    request: IncomingMessage,
    refusal?: CosError,
  ): void {
    const { method = '', url = '', headers } = request
    const explain = refusal?.explain
    this.#requests.unshift({
      ...entry,
      method,
      host: shortened(headers.host ?? ''),
      target: shortened(url.replace(secretParameters, '$1…')),
      userAgent: shortened(headers['user-agent'] ?? ''),
      ...(refusal === undefined ? {} : { message: shortened(refusal.message) }),
      ...(explain === undefined ? {} : { explain }),
    })
    if (this.#requests.length > kept) this.#requests.length = kept
  }

  clear(): void {
    this.#requests = []
  }
}

function shortened(text: string): string {
  return text.length <= maxText ? text : `${text.slice(0, maxText)}…`
}
