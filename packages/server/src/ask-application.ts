import { boundedText, TextTooLong } from './bounded-text.js'

/** What an application answered to a call of this server. */
export interface ApplicationAnswer {
  readonly status: number
  /** Media type without parameters, in lower case; '' without one. */
  readonly type: string
  readonly text: string
}

export interface ApplicationCall {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds until the whole answer is there. */
  readonly timeout: number
  /** Bytes of the answer's body. */
  readonly largestAnswer: number
  readonly signal?: AbortSignal
}

/**
 * Asks the application at an address that the operator has set. A redirect is an answer like any other and is not followed:
 * what is sent here holds credentials or is signed for this address.
 *
 * @throws Error that says what is wrong with the answer, or why none came. It never holds what was sent or answered.
 */
export async function askApplication(call: ApplicationCall): Promise<ApplicationAnswer> {
  const { url, method, headers, body, timeout, largestAnswer } = call
  const late = AbortSignal.timeout(timeout)
  const signal = call.signal === undefined ? late : AbortSignal.any([late, call.signal])
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body }),
    })
    const type = response.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
    return { status: response.status, type, text: await boundedText(response.body, largestAnswer) }
  } catch (error) {
    throw new Error(
      `${addressOf(url)} ${late.aborted ? `gave no answer within ${timeout} ms` : reasonOf(error)}`,
      {
        cause: error,
      },
    )
  }
}

/** For the log, without a query, in which tokens may be. */
export function addressOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

/** What is wrong with the address of an application that this server calls. */
export function applicationUrlProblems(url: string): string[] {
  if (!URL.canParse(url) || !/^https?:\/\//u.test(url)) return ['must be an http:// or https:// URL']
  const { username, password, hash } = new URL(url)
  if (username !== '' || password !== '')
    return ['must hold no user and password: HTTP clients refuse them in a URL']
  return hash === '' ? [] : ['must hold no #: it is never sent']
}

function reasonOf(error: unknown): string {
  if (error instanceof TextTooLong) return `answered ${error.message}`
  const cause: unknown = error instanceof Error ? error.cause : undefined
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined
  return typeof code === 'string' ? `cannot be reached (${code})` : 'cannot be reached'
}
