import { PolicyError } from './policy-error.js'

type Frame =
  { readonly kind: 'object'; readonly names: Set<string>; expectsName: boolean } | { readonly kind: 'list' }

/** Strings and punctuation of JSON; everything between them is numbers, literals and white space. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\],]/gu

/**
 * Parses the JSON of a policy.
 *
 * @throws {@link PolicyError} if it is not a JSON object, or an object in it has the same name twice: `JSON.parse` keeps
 *   the last value only, so a condition would silently be dropped.
 */
export function parsePolicyJson(json: string): Readonly<Record<string, unknown>> {
  let document: unknown
  try {
    document = JSON.parse(json)
  } catch {
    throw new PolicyError('the policy is not JSON')
  }
  refuseRepeatedNames(json)
  return asRecord(document, 'the policy')
}

/** @param json valid JSON */
function refuseRepeatedNames(json: string): void {
  const frames: Frame[] = []
  for (const [text] of json.matchAll(token)) {
    const frame = frames.at(-1)
    if (text === '{') frames.push({ kind: 'object', names: new Set(), expectsName: true })
    else if (text === '[') frames.push({ kind: 'list' })
    else if (text === '}' || text === ']') frames.pop()
    else if (frame?.kind !== 'object') continue
    else if (text === ',') frame.expectsName = true
    else if (frame.expectsName) {
      const name = JSON.parse(text) as string
      if (frame.names.has(name)) throw new PolicyError(`${JSON.stringify(name)} appears twice`)
      frame.names.add(name)
      frame.expectsName = false
    }
  }
}

/** @throws {@link PolicyError} */
export function asRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PolicyError(`${what} is not an object`)
  }
  return { ...value }
}

/** @throws {@link PolicyError} */
export function asTexts(value: unknown, what: string): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.map((text) => {
    if (typeof text === 'number' || typeof text === 'boolean') return String(text)
    if (typeof text !== 'string') throw new PolicyError(`${what} is missing or not text`)
    return text
  })
}

/**
 * The members of an object by their names in lower case: COS writes `Statement`, Tencent's SDKs `statement`.
 *
 * @throws {@link PolicyError} if a name is unknown or appears twice.
 */
export function withKnownNames(
  record: Readonly<Record<string, unknown>>,
  known: readonly string[],
  what: string,
): Readonly<Record<string, unknown>> {
  const names = Object.keys(record).map((name) => name.toLowerCase())
  const unknown = names.find((name, at) => !known.includes(name) || names.indexOf(name) !== at)
  if (unknown !== undefined) throw new PolicyError(`${what} may not have ${unknown}, or not twice`)
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]))
}
