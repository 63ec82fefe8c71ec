import { boundedText, TextTooLong } from './bounded-text.js'

/** The application's answer to a call of this server. */
export interface ApplicationAnswer {
  readonly status: number
  /** Media type without parameters, in lower case; '' if there is none. */
  readonly type: string
  readonly text: string
}

export interface ApplicationCall {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds until the whole answer must have arrived. */
  readonly timeout: number
  /** Maximum bytes of the answer's body. */
  readonly largestAnswer: number
  readonly signal?: AbortSignal
}

/**
 * Calls the application at a URL that the operator has configured. Redirects are not followed but returned like any other
 * answer, because the request carries credentials or is signed for this URL.
 *
 * @throws Error that describes the invalid answer, or why none came. It never contains what was sent or answered.
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

/** URL without its query, which may contain tokens, for the log. */
export function addressOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

/** Problems of the URL of an application that this server calls. */
export function applicationUrlProblems(url: string): string[] {
  if (!URL.canParse(url) || !/^https?:\/\//u.test(url)) return ['must be an http:// or https:// URL']
  const { username, password, hash } = new URL(url)
  if (username !== '' || password !== '')
    return ['must not contain a user and password: HTTP clients refuse them in a URL']
  return hash === '' ? [] : ['must not contain "#": the part after it is never sent']
}

function reasonOf(error: unknown): string {
  if (error instanceof TextTooLong) return `answered ${error.message}`
  const cause: unknown = error instanceof Error ? error.cause : undefined
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined
  return typeof code === 'string' ? `cannot be reached (${code})` : 'cannot be reached'
}
