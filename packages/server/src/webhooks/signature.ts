import { fromBase64, toBase64 } from '../base64.js'

/**
 * Signatures of the Standard Webhooks specification (standardwebhooks.com): HMAC-SHA256 over id, time and body, so that
 * no message can be forged, changed, or replayed later.
 */

const encoder = new TextEncoder()
const prefix = 'whsec_'
/** Size of a secret in bytes, by the specification. */
const secretBytes = { least: 24, most: 64 }
/** Seconds that a message's time may differ from the receiver's clock. */
const defaultTolerance = 300
/** Signatures of one message that are checked; a sender uses a few secrets while it rotates them. */
const mostSignatures = 10

/** Headers of a signed message. */
export type HookHeaders = Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>>

/** A message could not be verified. */
export class HookSignatureError extends Error {
  /** Always `HookSignatureError`. */
  override readonly name = 'HookSignatureError'
}

/** Options of {@link verifyHook}. */
export interface VerifyHookOptions {
  /** The sender's secret, `whsec_…`; several during rotation. */
  readonly secret: string | readonly string[]
  /** Headers of the request: a `Headers`, or an object with names in lower or upper case, as in Node. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  /** Body of the request, unchanged: JSON that was parsed and serialized again may differ. */
  readonly body: string | Uint8Array
  /** Seconds that the message's time may differ from the local clock. @default 300 */
  readonly tolerance?: number
  /** Returns the current time. @default the system clock */
  readonly now?: () => Date
}

/** Content of a verified message. */
export interface VerifiedHook {
  /** The same in each attempt to deliver one message: store it and process each id once. */
  readonly id: string
  /** When this attempt was sent. */
  readonly sentAt: Date
  /** The body as JSON. */
  readonly message: unknown
}

/**
 * Signs a message with each secret.
 *
 * @param id without a dot
 */
export async function signHook(
  secrets: readonly string[],
  id: string,
  sentAt: Date,
  body: string,
): Promise<HookHeaders> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1_000))
  const content = encoder.encode(`${id}.${timestamp}.${body}`)
  const signatures = await Promise.all(
    secrets.map(async (secret) => {
      const signature = await crypto.subtle.sign('HMAC', await keyOf(secret), content)
      return `v1,${toBase64(signature)}`
    }),
  )
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

/**
 * Verifies that a message is from this server and was sent just now; signatures are compared in constant time. Within the
 * tolerance a message can be replayed: process each id once.
 *
 * @example
 * const { id, message } = await verifyHook({ secret, headers: request.headers, body: await request.text() })
 * @throws HookSignatureError with the reason if it cannot be verified; TypeError for an invalid secret.
 */
export async function verifyHook(options: VerifyHookOptions): Promise<VerifiedHook> {
  const { secret, body, tolerance = defaultTolerance, now = () => new Date() } = options
  const id = headerOf(options.headers, 'webhook-id')
  const timestamp = headerOf(options.headers, 'webhook-timestamp')
  const signed = headerOf(options.headers, 'webhook-signature')
  if (!/^\d{1,12}$/u.test(timestamp)) throw new HookSignatureError('webhook-timestamp is not a Unix time')
  const seconds = Number(timestamp)
  const off = now().getTime() / 1_000 - seconds
  if (!(Math.abs(off) <= tolerance)) {
    throw new HookSignatureError(
      off > 0
        ? 'the message was sent too long ago; somebody else may have sent it again'
        : 'the message is from the future: one of the clocks is wrong',
    )
  }
  const bytes = typeof body === 'string' ? encoder.encode(body) : body
  const content = concatenated(encoder.encode(`${id}.${timestamp}.`), bytes)
  const keys = await Promise.all([secret].flat().map(keyOf))
  const signatures = signed.split(' ').slice(0, mostSignatures).flatMap(signatureOf)
  for (const key of keys) {
    for (const signature of signatures) {
      if (await crypto.subtle.verify('HMAC', key, signature, content)) {
        return { id, sentAt: new Date(seconds * 1_000), message: messageOf(bytes) }
      }
    }
  }
  throw new HookSignatureError('no signature matches this secret and this body')
}

/** Why a webhook secret is invalid, without repeating it, or `null`; for code that reads it from a configuration. */
export function hookSecretProblem(secret: string): string | null {
  const bytes = secret.startsWith(prefix) ? fromBase64(secret.slice(prefix.length)) : null
  return bytes !== null && bytes.length >= secretBytes.least && bytes.length <= secretBytes.most
    ? null
    : `must be ${prefix} and the base64 of ${secretBytes.least} to ${secretBytes.most} bytes of random data, such as: echo "${prefix}$(head -c 32 /dev/urandom | base64)"`
}

async function keyOf(secret: string): Promise<CryptoKey> {
  const problem = hookSecretProblem(secret)
  const bytes = fromBase64(secret.slice(prefix.length))
  if (problem !== null || bytes === null) throw new TypeError(`the secret ${problem ?? 'is not base64'}`)
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}

/** Parses "v1,<base64>"; other versions are ignored. */
function signatureOf(text: string): Uint8Array<ArrayBuffer>[] {
  const bytes = text.startsWith('v1,') ? fromBase64(text.slice(3)) : null
  return bytes === null ? [] : [bytes]
}

function headerOf(headers: VerifyHookOptions['headers'], name: keyof HookHeaders): string {
  const value =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1]
  if (typeof value !== 'string' || value === '') throw new HookSignatureError(`${name} is missing`)
  return value
}

function messageOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw new HookSignatureError('the body is not JSON', { cause: error })
  }
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length)
  whole.set(first)
  whole.set(second, first.length)
  return whole
}
