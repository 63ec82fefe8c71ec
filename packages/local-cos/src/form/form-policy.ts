import { CosError, requestExpired } from '../errors.js'
import type { FormFields } from './form-fields.js'

/** What the signer of a form allows. Source: https://cloud.tencent.com/document/product/436/14690 */
export interface FormPolicy {
  /** Milliseconds since the epoch. */
  readonly expiration: number
  readonly conditions: readonly FormCondition[]
  readonly fileSize: FileSizeRange
}

export interface FormCondition {
  readonly kind: 'eq' | 'starts-with'
  /** In lower case. */
  readonly name: string
  readonly value: string
}

/** Allowed bytes of the file, both ends inclusive. */
export interface FileSizeRange {
  readonly min: number
  readonly max: number
}

/** @throws {@link CosError} `InvalidArgument` if the policy has something this store does not support. */
export function parseFormPolicy(json: string): FormPolicy {
  const document = asRecord(parseJson(json))
  const expiration = Date.parse(String(document['expiration']))
  if (Number.isNaN(expiration)) throw invalid('its expiration is no ISO 8601 time')
  const stated = document['conditions']
  if (!Array.isArray(stated)) throw invalid('its conditions are no list')
  const conditions: FormCondition[] = []
  let fileSize: FileSizeRange = { min: 0, max: Infinity }
  for (const condition of stated as readonly unknown[]) {
    if (Array.isArray(condition)) {
      const [kind, first, second] = condition as readonly unknown[]
      if (kind === 'content-length-range') fileSize = narrowed(fileSize, parseRange(first, second))
      else conditions.push(parseCondition(kind, first, second))
    } else {
      for (const [name, value] of Object.entries(asRecord(condition))) {
        conditions.push({ kind: 'eq', name: name.toLowerCase(), value: asText(value) })
      }
    }
  }
  return { expiration, conditions, fileSize }
}

/** Without these a signature could be reused for another key or time: "must be among the conditions". */
const requiredConditions = ['q-sign-algorithm', 'q-ak', 'q-sign-time']

/**
 * Fields that are stored with the object or change how it is stored. Excludes Content-Type, because Tencent's
 * own example of a form leaves it out of the policy.
 */
const changesObject =
  /^(?:cache-control|content-(?:disposition|encoding|language)|expires|x-cos-(?!security-token$).*)$/

/**
 * Checks a form against its policy, except for the file's size.
 *
 * @throws {@link CosError} `AccessDenied`
 */
export function checkFormPolicy(
  policy: FormPolicy,
  form: { readonly fields: FormFields; readonly bucket: string; readonly now: number },
): void {
  if (form.now >= policy.expiration) throw requestExpired(form.now)
  const named = new Set(policy.conditions.map(({ name }) => name))
  const missing = requiredConditions.find((name) => !named.has(name))
  if (missing !== undefined) throw denied(`The policy has no condition on ${missing}.`)
  for (const condition of policy.conditions) {
    const value = valueOf(condition.name, form)
    // "Fields other than the bucket defined in the policy must appear in the form fields."
    if (value === undefined)
      throw denied(`The form has no ${condition.name}, which ${text(condition)} asks for.`)
    const holds = condition.kind === 'eq' ? value === condition.value : value.startsWith(condition.value)
    if (!holds) throw denied(`The condition ${text(condition)} does not hold.`)
  }
  // Anyone who sees the form could add a field, so the policy must cover every field that changes what the
  // request does.
  const uncovered = [...form.fields].find(
    ([name, value]) =>
      changesObject.test(name) && !named.has(name) && (value !== '' || name.startsWith('x-cos-')),
  )?.[0]
  if (uncovered !== undefined) throw denied(`The field ${uncovered} is not part of the policy.`)
}

function valueOf(
  name: string,
  { fields, bucket }: { readonly fields: FormFields; readonly bucket: string },
): string | undefined {
  if (name === 'bucket') return bucket
  // The policy uses the header's name; the form calls it q-key-time.
  return fields.get(name === 'q-sign-time' ? 'q-key-time' : name)
}

function parseCondition(kind: unknown, target: unknown, value: unknown): FormCondition {
  if (kind !== 'eq' && kind !== 'starts-with') throw invalid(`it has a condition ${JSON.stringify(kind)}`)
  if (typeof target !== 'string' || !target.startsWith('$')) {
    throw invalid(`a condition names ${JSON.stringify(target)} and not a $field`)
  }
  return { kind, name: target.slice(1).toLowerCase(), value: asText(value) }
}

function parseRange(min: unknown, max: unknown): FileSizeRange {
  const range = { min: Number(min), max: Number(max) }
  if (!(range.min >= 0 && range.max >= range.min)) throw invalid('content-length-range needs two sizes')
  return range
}

function narrowed(one: FileSizeRange, other: FileSizeRange): FileSizeRange {
  return { min: Math.max(one.min, other.min), max: Math.min(one.max, other.max) }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw invalid('it is not JSON', error)
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('it is no object')
  return { ...value }
}

function asText(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') throw invalid('a condition is not held against text')
  return value
}

function text({ kind, name, value }: FormCondition): string {
  return JSON.stringify([kind, `$${name}`, value])
}

function invalid(why: string, cause?: unknown): CosError {
  return new CosError('InvalidArgument', `The policy cannot be carried out: ${why}.`, { cause })
}

function denied(why: string): CosError {
  return new CosError('AccessDenied', `Access Denied. ${why}`)
}
