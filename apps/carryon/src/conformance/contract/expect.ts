import { callErrorCodes } from '@carryon/protocol'
import type { Answer, Members } from './subject.js'

/** A deviation of the backend from docs/api.md. The message names the actual and the expected behaviour. */
export class Finding extends Error {
  override readonly name = 'Finding'
}

/** The check cannot run because an earlier check that it depends on failed. */
export class NotReached extends Error {
  override readonly name = 'NotReached'
}

/** The backend does not have an optional feature. */
export class Absent extends Error {
  override readonly name = 'Absent'
}

/** @throws Finding when `holds` is false */
export function expectThat(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Finding(otherwise)
}

/** Returns the response's JSON object. @throws Finding when the status is another or the body is not an object */
export function expectAnswer(answer: Answer, statuses: readonly number[], asked: string): Members {
  expectThat(
    statuses.includes(answer.status),
    `${asked} answered ${shown(answer)}; expected ${statuses.join(' or ')}`,
  )
  expectThat(
    answer.type === 'application/json',
    `${asked} answered Content-Type "${answer.type}"; expected application/json`,
  )
  return expectObject(answer.json, `the answer to ${asked}`)
}

/** Expects a refusal in the format of docs/api.md. */
export function expectProblem(
  answer: Answer,
  statuses: readonly number[],
  codes: readonly string[],
  asked: string,
): Members {
  expectThat(
    statuses.includes(answer.status),
    `${asked} answered ${shown(answer)}; expected ${statuses.join(' or ')} ${codes.join(' or ')}`,
  )
  expectThat(
    answer.type === 'application/problem+json',
    `${asked} answered ${answer.status} as "${answer.type}"; a refusal is application/problem+json`,
  )
  const problem = expectObject(answer.json, `the refusal of ${asked}`)
  const code = problem['code']
  expectThat(
    typeof code === 'string' && (callErrorCodes as readonly string[]).includes(code),
    `${asked} was refused with the code ${JSON.stringify(code)}, which is not one of docs/api.md`,
  )
  expectThat(
    codes.includes(code),
    `${asked} was refused with the code "${code}"; expected ${codes.join(' or ')}`,
  )
  expectThat(
    typeof problem['detail'] === 'string' && problem['detail'] !== '',
    `${asked} was refused without a "detail" that says what happened`,
  )
  return problem
}

export function expectObject(value: unknown, what: string): Members {
  expectThat(
    typeof value === 'object' && value !== null && !Array.isArray(value),
    `${what} is no JSON object: ${json(value)}`,
  )
  return value as Members
}

export function expectArray(value: unknown, what: string): readonly unknown[] {
  expectThat(Array.isArray(value), `${what} is no array`)
  return value as readonly unknown[]
}

type Rule = (value: unknown) => boolean

const isText: Rule = (value) => typeof value === 'string'
const isCount: Rule = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const orNull =
  (rule: Rule): Rule =>
  (value) =>
    value === null || rule(value)
const orAbsent =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined || rule(value)
const isTime: Rule = (value) =>
  typeof value === 'string' && /^\d{4}-.*Z$/.test(value) && !Number.isNaN(Date.parse(value))
const isDecimal: Rule = (value) => typeof value === 'string' && /^\d{1,20}$/.test(value)
const oneOf =
  (...values: readonly unknown[]): Rule =>
  (value) =>
    values.includes(value)

const upload: Readonly<Record<string, Rule>> = {
  id: (value) => typeof value === 'string' && /^[\w.~-]{1,128}$/.test(value),
  name: isText,
  size: isCount,
  type: isText,
  identity: isText,
  key: (value) => typeof value === 'string' && value !== '',
  uploadId: orNull(isText),
  mode: oneOf('multipart', 'single'),
  partSize: (value) => isCount(value) && value !== 0,
  partCount: (value) => isCount(value) && value !== 0,
  state: oneOf('open', 'completing', 'done', 'cancelled', 'failed'),
  createdAt: isTime,
  updatedAt: isTime,
  expiresAt: isTime,
  finishedAt: orNull(isTime),
  url: orNull(isText),
  crc64: orNull(isDecimal),
  crc64Type: orAbsent(oneOf('crc64ecma', 'crc64nvme')),
  etag: orNull(isText),
  grows: orAbsent((value) => typeof value === 'boolean'),
}

/** Expects an upload with all members of docs/api.md. */
export function expectUpload(value: unknown, what: string): Members {
  const members = expectObject(value, `"upload" in ${what}`)
  const wrong = Object.entries(upload).filter(([name, rule]) => !rule(members[name]))
  const named = wrong.map(([name]) => `"${name}" ${json(members[name])}`)
  expectThat(
    wrong.length === 0,
    `"upload" in ${what} has members that are missing or not valid: ${named.join(', ')}`,
  )
  return members
}

/** Status and first characters of a response, for a message. */
export function shown({ status, text }: Answer): string {
  const words = text.replace(/\s+/g, ' ').slice(0, 120)
  return words === '' ? `${status}` : `${status} ${words}`
}

/** A value as JSON, shortened for a message. */
export function json(value: unknown): string {
  return value === undefined ? 'is missing' : JSON.stringify(value).slice(0, 120)
}
