import {
  addressOf,
  type ApplicationAnswer,
  applicationUrlProblems,
  askApplication,
} from '../ask-application.js'
import type { HookControl, OnDone, OnDoneEvent, OnOpen, OnOpenEvent } from '../hooks/hook-types.js'
import { parsedJson } from '../parsed-json.js'
import { hookSecretProblem, signHook } from './signature.js'

/** Hooks that can be sent to an application: before an upload is created, and after it is finished. */
export type HookName = 'onOpen' | 'onDone'

/** Options of {@link webhooks}. */
export interface WebhookOptions {
  /** URL of the application that messages are sent to: `https://app.example.com/hooks/uploads`. */
  readonly url: string
  /**
   * `whsec_` and base64. Messages are signed with each of several secrets, so that a secret can be rotated without losing
   * messages.
   */
  readonly secret: string | readonly string[]
  /** Hooks to send. Without `onOpen`, an outage of the application stops nobody from uploading. @default both */
  readonly hooks?: readonly HookName[]
  /** Milliseconds that the application may take for one message; the server's `hookTimeout` applies as well. @default 10_000 */
  readonly timeout?: number
  /** Returns the current time. @default the system clock */
  readonly now?: () => Date
}

/** The body of a message, as JSON. */
export type HookMessage =
  | { readonly type: 'upload.open'; readonly timestamp: string; readonly data: OnOpenEvent }
  | { readonly type: 'upload.done'; readonly timestamp: string; readonly data: OnDoneEvent }

/** Bytes. The data for the client may take up to 8 192 of them. */
const largestAnswer = 65_536

/**
 * Sends `onOpen` and `onDone` to an application in any language, as POSTs signed according to the Standard Webhooks
 * specification. The application answers with 2xx: without a body to consent, or with JSON like the return value of the
 * hook: `{ "key": … }`, `{ "data": … }`, `{ "refuse": "a sentence" }`. All other answers count as failures: nothing is
 * opened, and `upload.done` is sent again with the same `webhook-id`.
 *
 * @example createServer({ store, sts, database, authorize, ...webhooks({ url, secret: process.env.HOOK_SECRET }) })
 * @throws TypeError that names every invalid option.
 */
export function webhooks(options: WebhookOptions): { readonly onOpen?: OnOpen; readonly onDone?: OnDone } {
  const { url, hooks = ['onOpen', 'onDone'], timeout = 10_000, now = () => new Date() } = options
  const secrets = [options.secret].flat()
  const problems = [
    ...applicationUrlProblems(url).map((problem) => `url ${problem}`),
    ...(secrets.length === 0 ? ['secret is missing'] : []),
    ...secrets.flatMap((secret) => hookSecretProblem(secret) ?? []).map((problem) => `secret ${problem}`),
    ...(timeout > 0 ? [] : ['timeout must be greater than 0']),
  ]
  if (problems.length > 0) throw new TypeError(`webhooks: ${problems.join('; ')}`)

  const send = async (id: string, type: HookMessage['type'], data: unknown, { signal }: HookControl) => {
    const sentAt = now()
    const body = JSON.stringify({ type, timestamp: sentAt.toISOString(), data })
    const headers = { 'content-type': 'application/json', ...(await signHook(secrets, id, sentAt, body)) }
    const answer = await askApplication({
      url,
      method: 'POST',
      headers,
      body,
      timeout,
      largestAnswer,
      signal,
    })
    return readAnswer(answer, type, addressOf(url))
  }
  // The caller of the hooks validates the application's answer.
  const onOpen: OnOpen = async (event, control) =>
    await send(`open:${crypto.randomUUID()}`, 'upload.open', event, control)
  const onDone: OnDone = async (event, control) => await send(event.deliveryId, 'upload.done', event, control)
  return { ...(hooks.includes('onOpen') && { onOpen }), ...(hooks.includes('onDone') && { onDone }) }
}

/** @throws Error for the log if the answer is not 2xx, or neither empty nor a JSON object. */
function readAnswer({ status, text }: ApplicationAnswer, type: string, address: string): object | null {
  // Only 2xx is a delivery; a redirect is a failure as well (Standard Webhooks, "Responses").
  if (status < 200 || status > 299) throw new Error(`${address} answered ${type} with ${status}`)
  if (text.trim() === '') return null
  const answer = parsedJson(text)
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer
  throw new Error(
    `${address} answered ${type} with ${status} and a body that is not a JSON object; answer 204 or JSON`,
  )
}
