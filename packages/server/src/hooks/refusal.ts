import { Problem } from '../problem.js'

/** A hook's or `authorize`'s answer to refuse a request, with a sentence for the person who uploads. */
export interface Refusal {
  /** Shown unchanged, at most 500 characters. */
  readonly refuse: string
  /** HTTP status, 400 to 599. @default 403 */
  readonly status?: number
}

/** Characters of a refusal's sentence that are sent to the client. */
const longestSentence = 500

/** Whether the answer has a `refuse` member. A malformed refusal counts too, so it is never taken for consent. */
export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'refuse' in answer && answer.refuse !== undefined
}

/**
 * The problem document for a refusal. Its code is the one a client knows for that status.
 *
 * @param status 400 to 599
 */
export function refusalProblem(status: number, sentence: string, cause?: unknown): Problem {
  const words = sentence.trim() === '' ? 'This request is refused.' : sentence.slice(0, longestSentence)
  return new Problem(codeOf(status), words, { status }, cause)
}

/** @throws TypeError that names the malformed member of the refusal. */
export function problemOfRefusal(refusal: Refusal): Problem {
  const { refuse, status = 403 }: { readonly refuse: unknown; readonly status?: number } = refusal
  if (typeof refuse !== 'string') throw new TypeError('"refuse" must be a sentence')
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new TypeError('"status" must be 400 to 599')
  }
  return refusalProblem(status, refuse)
}

function codeOf(status: number) {
  if (status >= 500) return 'internal'
  return status === 401 ? 'unauthorized' : 'forbidden'
}
