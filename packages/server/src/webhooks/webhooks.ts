import {
  addressOf,
  type ApplicationAnswer,
  applicationUrlProblems,
  askApplication,
} from '../ask-application.js'
import type { HookControl, OnDone, OnDoneEvent, OnOpen, OnOpenEvent } from '../hooks/hook-types.js'
import { parsedJson } from '../parsed-json.js'
import { hookSecretProblem, signHook } from './signature.js'

/** Hooks that an application can hear of: before an upload is made, and after it is finished. */
export type HookName = 'onOpen' | 'onDone'

/** Options of {@link webhooks}. */
export interface WebhookOptions {
  /** Address of the application that is sent each message: `https://app.example.com/hooks/uploads`. */
  readonly url: string
  /** `whsec_` and base64. Of several the receiver may have any: so a secret is changed without a message lost. */
  readonly secret: string | readonly string[]
  /** What is sent. Without `onOpen` an application that is away keeps nobody from uploading. @default both */
  readonly hooks?: readonly HookName[]
  /** Milliseconds that the application may take for one message; `hookTimeout` of the server counts as well. @default 10_000 */
  readonly timeout?: number
  /** The time. @default the system's */
  readonly now?: () => Date
}

/** The body of a message, as JSON. */
export type HookMessage =
  | { readonly type: 'upload.open'; readonly timestamp: string; readonly data: OnOpenEvent }
  | { readonly type: 'upload.done'; readonly timestamp: string; readonly data: OnDoneEvent }

/** Bytes. The data for a page alone may have 8 192. */
const largestAnswer = 65_536

/**
 * `onOpen` and `onDone` as messages to an application in any language: POSTs that are signed as the Standard Webhooks
 * specification has it. The application answers any 2xx, without a body for consent, or with JSON that is what the hook would
 * answer: `{ "key": … }`, `{ "data": … }`, `{ "refuse": "a sentence" }`. Whatever else comes is a failure: nothing is opened,
 * and `upload.done` is sent again, under the same `webhook-id`.
 *
 * @example createServer({ store, sts, database, authorize, ...webhooks({ url, secret: process.env.HOOK_SECRET }) })
 * @throws TypeError that names every option at fault.
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
  // What the application answers is looked at by whoever calls the hook.
  const onOpen: OnOpen = async (event, control) =>
    await send(`open:${crypto.randomUUID()}`, 'upload.open', event, control)
  const onDone: OnDone = async (event, control) => await send(event.deliveryId, 'upload.done', event, control)
  return { ...(hooks.includes('onOpen') && { onOpen }), ...(hooks.includes('onDone') && { onDone }) }
}

/** @throws Error for the log: what an application answered besides consent, refusal and a decision. */
function readAnswer({ status, text }: ApplicationAnswer, type: string, address: string): object | null {
  // Only 2xx is a delivery; a redirect is a failure as well (Standard Webhooks, "Responses").
  if (status < 200 || status > 299) throw new Error(`${address} answered ${type} with ${status}`)
  if (text.trim() === '') return null
  const answer = parsedJson(text)
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer
  throw new Error(
    `${address} answered ${type} with ${status} and a body that is no JSON object; answer 204 or JSON`,
  )
}
