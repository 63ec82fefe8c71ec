import { Problem } from '../problem.js'

/** What an application answers instead of going on: a sentence for the person who uploads. */
export interface Refusal {
  /** Shown as it is, at most 500 characters. */
  readonly refuse: string
  /** HTTP status, 400 to 599. @default 403 */
  readonly status?: number
}

/** Characters of a sentence that are handed on. */
const longestSentence = 500

/** Whether it says that it refuses, however well: what cannot be read as a refusal is never taken for consent. */
export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'refuse' in answer && answer.refuse !== undefined
}

/**
 * A refusal as its problem document, under whose code a client finds its place.
 *
 * @param status 400 to 599
 */
export function refusalProblem(status: number, sentence: string, cause?: unknown): Problem {
  const words = sentence.trim() === '' ? 'This request is refused.' : sentence.slice(0, longestSentence)
  return new Problem(codeOf(status), words, { status }, cause)
}

/** @throws TypeError that says what is wrong with it. */
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
