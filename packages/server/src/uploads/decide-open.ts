import { callHook, HookTimeout } from '../hooks/call-hook.js'
import type { OpenDecision } from '../hooks/hook-types.js'
import { isRefusal, problemOfRefusal } from '../hooks/refusal.js'
import { chosenHeaders } from '../object-headers/chosen-headers.js'
import type { ChosenHeaders } from '../object-headers/stored-headers.js'
import { Problem } from '../problem.js'
import { chosenObjectKey, newObjectKey } from './object-key.js'
import type { Caller } from './open-quota.js'
import type { OpenRequest } from './open-upload.js'
import type { UploadServices } from './upload-services.js'

/** Key and headers of a new upload's object. */
export interface ObjectPlan {
  readonly key: string
  /** Whether the key is used unchanged; the application then has to keep keys unique. */
  readonly exactKey: boolean
  /** `null`: the usual headers. */
  readonly headers: ChosenHeaders | null
}

/**
 * Asks `onOpen` about a new upload.
 *
 * @throws Problem the hook's refusal; status 504 if it takes too long, 500 if it fails or its answer is unusable. The
 *   cause goes to the log.
 */
export async function decideOpen(
  services: UploadServices,
  caller: Caller,
  request: OpenRequest,
): Promise<ObjectPlan> {
  const { limits } = services
  const now = new Date(services.now())
  const answer = await askOnOpen(services, caller, request)
  if (answer === null) {
    return { key: newObjectKey(limits.keyPrefix, request.name, now), exactKey: false, headers: null }
  }
  if (isRefusal(answer)) throw usable(() => problemOfRefusal(answer))
  return usable(() => planOf(services, answer, request.name, now))
}

async function askOnOpen({ hooks, limits }: UploadServices, caller: Caller, request: OpenRequest) {
  const { onOpen, timeout } = hooks
  if (onOpen === undefined) return null
  const { name, size, type, path = null, metadata = {} } = request
  const { owner, context = null } = caller
  const event = {
    owner,
    ...(context !== null && { context: JSON.parse(context) as unknown }),
    file: { name, size, type, path },
    metadata,
    keyPrefix: limits.keyPrefix,
  }
  try {
    return (await callHook((control) => onOpen(event, control), timeout)) ?? null
  } catch (error) {
    if (error instanceof HookTimeout) {
      throw new Problem(
        'internal',
        `The server did not decide within ${timeout / 1_000} s whether to accept this file. Nothing was opened. Try again in a moment.`,
        { status: 504 },
        error,
      )
    }
    throw new Problem(
      'internal',
      'The server could not decide whether to accept this file. Nothing was opened. Try again in a moment.',
      {},
      error,
    )
  }
}

/** @throws Problem `internal`, whose cause is logged. */
function usable<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Problem(
      'internal',
      'The server could not decide where to store this file. Nothing was opened. Ask the administrator: the log says why.',
      {},
      new TypeError(`onOpen returned a value that cannot be used: ${reason}`, { cause: error }),
    )
  }
}

/** @throws TypeError that names the invalid member; it never contains the value, which may be a file's name. */
function planOf(
  { limits, store, buckets }: UploadServices,
  answer: OpenDecision,
  name: string,
  now: Date,
): ObjectPlan {
  if (typeof answer !== 'object' || Array.isArray(answer)) throw new TypeError('it must be an object')
  const {
    key,
    exactKey = false,
    headers,
    bucket,
    ...others
  }: Readonly<Record<string, unknown>> = { ...answer }
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new TypeError(`it has no member "${unknown}"`)
  if (typeof exactKey !== 'boolean') throw new TypeError('"exactKey" must be true or false')
  if (key !== undefined && typeof key !== 'string') throw new TypeError('"key" must be text')
  if (exactKey && key === undefined) throw new TypeError('"exactKey" needs a "key"')
  const prefix = bucket === undefined ? limits.keyPrefix : prefixOfBucket(buckets, bucket)
  const made =
    key === undefined
      ? newObjectKey(prefix, name, now)
      : chosenObjectKey(prefix, moved(key, limits.keyPrefix, prefix), name, exactKey)
  const found = buckets.nameOf(made)
  if (bucket === undefined && found !== null) {
    throw new TypeError(`"key" begins like the keys of the bucket "${found}": return "bucket" with it`)
  }
  return {
    key: made,
    exactKey,
    headers: headers === undefined ? null : keptAs(store, chosenHeaders(headers)),
  }
}

/** With KMS encryption an ETag is not an MD5, so another checksum has to verify the parts. */
function keptAs({ capabilities, dialect }: UploadServices['store'], headers: ChosenHeaders): ChosenHeaders {
  if (headers.encryption?.by === 'kms' && capabilities.partChecksum === null) {
    throw new TypeError(
      `"headers.encryption" by kms would leave the parts unverified: this ${dialect.label} store computes no CRC-64 of them`,
    )
  }
  return headers
}

function prefixOfBucket(buckets: UploadServices['buckets'], name: unknown): string {
  if (typeof name === 'string' && buckets.has(name)) return buckets.prefixOf(name)
  const configured = buckets.names.map((each) => `"${each}"`).join(', ')
  throw new TypeError(
    `"bucket" must be one that is configured: ${configured === '' ? 'there are none' : configured}`,
  )
}

/** Replaces the server's prefix of a chosen key by the bucket's; returns other keys unchanged, to be refused later. */
function moved(key: string, from: string, to: string): string {
  return key.startsWith(from) ? to + key.slice(from.length) : key
}
