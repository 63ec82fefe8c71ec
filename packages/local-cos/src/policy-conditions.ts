import { BlockList, isIP } from 'node:net'
import { matchesPattern } from './pattern.js'
import { PolicyError } from './policy-error.js'
import { asRecord, asTexts } from './policy-json.js'

/** A condition such as `{ "string_equal": { "cos:x-cos-acl": "private" } }`. Operator and key in lower case. */
export interface Condition {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}

/** Returns the request's value of a condition key such as `cos:content-length` or `qcs:ip`; `undefined` if it has none. */
export type ConditionValue = (key: string) => string | undefined

type Comparison = (actual: string, wanted: string) => boolean

const fold = (text: string): string => text.toLowerCase()
const numbers =
  (compare: (actual: number, wanted: number) => boolean): Comparison =>
  (actual, wanted) =>
    compare(Number(actual), Number(wanted))
const dates =
  (compare: (actual: number, wanted: number) => boolean): Comparison =>
  (actual, wanted) =>
    compare(Date.parse(actual), Date.parse(wanted))

/** Operators that hold if the request's value matches *one* of the policy's values. */
const positive: Readonly<Record<string, Comparison>> = {
  string_equal: (actual, wanted) => actual === wanted,
  string_equal_ignore_case: (actual, wanted) => fold(actual) === fold(wanted),
  string_like: (actual, wanted) => matchesPattern(wanted, actual),
  numeric_equal: numbers((actual, wanted) => actual === wanted),
  numeric_greater_than: numbers((actual, wanted) => actual > wanted),
  numeric_greater_than_equal: numbers((actual, wanted) => actual >= wanted),
  numeric_less_than: numbers((actual, wanted) => actual < wanted),
  numeric_less_than_equal: numbers((actual, wanted) => actual <= wanted),
  date_equal: dates((actual, wanted) => actual === wanted),
  date_greater_than: dates((actual, wanted) => actual > wanted),
  date_greater_than_equal: dates((actual, wanted) => actual >= wanted),
  date_less_than: dates((actual, wanted) => actual < wanted),
  date_less_than_equal: dates((actual, wanted) => actual <= wanted),
  bool_equal: (actual, wanted) => fold(actual) === fold(wanted),
  ip_equal: isInNetwork,
}

/** Operators that hold if it matches *none* of them, with the operator they negate. */
const negative: Readonly<Record<string, string>> = {
  string_not_equal: 'string_equal',
  string_not_equal_ignore_case: 'string_equal_ignore_case',
  string_not_like: 'string_like',
  numeric_not_equal: 'numeric_equal',
  date_not_equal: 'date_equal',
  ip_not_equal: 'ip_equal',
}

const ifExist = '_if_exist'

/** By the first word of an operator, whether its values can be compared; a text always can. */
const comparable: Readonly<Record<string, (value: string) => boolean>> = {
  numeric: (value) => value.trim() !== '' && Number.isFinite(Number(value)),
  date: (value) => !Number.isNaN(Date.parse(value)),
  bool: (value) => /^(?:true|false)$/i.test(value),
  ip: (value) => networkOf(value) !== null,
}

function isComparable(operator: string, value: string): boolean {
  const [kind = ''] = operator.split('_', 1)
  return comparable[kind]?.(value) ?? true
}

/** The keys whose values this store knows: the sender's address, the time, and the request's headers and parameters. */
const knownKey = /^(?:qcs:ip|qcs:current_time|cos:[\w-]+)$/

/**
 * A list, because operators and keys that differ only in case are equal, and both conditions apply. A condition that
 * could never be compared is refused: in an allow it might allow everything, in a deny it would deny nothing.
 *
 * Source: https://cloud.tencent.com/document/product/598/10608
 *
 * @throws {@link PolicyError}
 */
export function parseConditions(condition: unknown): readonly Condition[] {
  return Object.entries(asRecord(condition, 'a condition')).flatMap(([name, wanted]) => {
    const operator = name.toLowerCase()
    if (!isKnownOperator(operator)) throw new PolicyError(`the condition ${name} is not known`)
    return Object.entries(asRecord(wanted, name)).map(([keyName, given]) => {
      const key = keyName.toLowerCase()
      if (!knownKey.test(key)) throw new PolicyError(`the condition key ${keyName} is not known`)
      const values = asTexts(given, keyName)
      const odd = values.find((value) => !isComparable(operator, value))
      if (odd !== undefined) throw new PolicyError(`${JSON.stringify(odd)} is no value for ${name}`)
      if (values.length === 0) throw new PolicyError(`${keyName} has no value`)
      return { operator, key, values }
    })
  })
}

function isKnownOperator(operator: string): boolean {
  const plain = plainOperator(operator)
  return Object.hasOwn(positive, plain) || Object.hasOwn(negative, plain)
}

function plainOperator(operator: string): string {
  return operator.endsWith(ifExist) ? operator.slice(0, -ifExist.length) : operator
}

/**
 * Whether a request meets every condition. A condition on a key the request lacks fails, unless the operator
 * ends with `_if_exist`; so does one whose value in the request cannot be compared.
 */
export function meetsConditions(conditions: readonly Condition[], conditionValue: ConditionValue): boolean {
  return conditions.every(({ operator, key, values }) => {
    const plain = plainOperator(operator)
    const denied = negative[plain]
    const compare = positive[denied ?? plain]
    if (compare === undefined) return false
    const actual = conditionValue(key)
    if (actual === undefined) return operator.endsWith(ifExist)
    if (!isComparable(operator, actual)) return false
    return values.some((value) => compare(actual, value)) === (denied === undefined)
  })
}

function isInNetwork(address: string, network: string): boolean {
  return networkOf(network)?.check(address, familyOf(address)) ?? false
}

/** `10.1.2.3` or `10.0.0.0/8`, of either family; `null` for another text. */
function networkOf(text: string): BlockList | null {
  const [base = '', bits, ...more] = text.split('/')
  const longest = isIP(base) === 6 ? 128 : 32
  if (isIP(base) === 0 || more.length > 0) return null
  const list = new BlockList()
  if (bits === undefined) list.addAddress(base, familyOf(base))
  else if (/^\d{1,3}$/.test(bits) && Number(bits) <= longest)
    list.addSubnet(base, Number(bits), familyOf(base))
  else return null
  return list
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
