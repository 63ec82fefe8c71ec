import type { IncomingMessage } from 'node:http'
import type { CosError } from './errors.js'
import type { SignatureExplanation } from './explanation/signature-explanation.js'
import type { JournalEntry } from './journal.js'

/** One of the last requests, with what a client cannot see of its refusal. */
export interface RecentRequest extends JournalEntry {
  readonly method: string
  readonly host: string
  /** Path and query as they came, without what would let someone send the request again. */
  readonly target: string
  readonly userAgent: string
  readonly milliseconds: number
  /** Of the refusal. */
  readonly message?: string
  readonly explain?: () => SignatureExplanation
}

const kept = 200
/** Characters of one request's text that are kept. */
const maxText = 4096

/** Parameters that are, or carry, a signature or a token. */
const secretParameters =
  /([?&](?:q-signature|sign|x-cos-security-token|x-ci-security-token|x-amz-signature|x-amz-security-token)=)[^&]*/gi

/** The last requests, newest first, for the page. Holds no signature, no token and no body. */
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
