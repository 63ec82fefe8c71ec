import { BlockList, isIP } from 'node:net'
import { matchesPattern } from './pattern.js'

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

/** Source: https://cloud.tencent.com/document/product/598/10608 */
export function isKnownOperator(operator: string): boolean {
  const plain = plainOperator(operator)
  return Object.hasOwn(positive, plain) || Object.hasOwn(negative, plain)
}

function plainOperator(operator: string): string {
  return operator.endsWith(ifExist) ? operator.slice(0, -ifExist.length) : operator
}

/**
 * Whether a request meets every condition. A condition on a key the request lacks fails, unless the operator
 * ends with `_if_exist`.
 */
export function meetsConditions(conditions: readonly Condition[], conditionValue: ConditionValue): boolean {
  return conditions.every(({ operator, key, values }) => {
    const plain = plainOperator(operator)
    const denied = negative[plain]
    const compare = positive[denied ?? plain]
    if (compare === undefined) return false
    const actual = conditionValue(key)
    if (actual === undefined) return operator.endsWith(ifExist)
    return values.some((value) => compare(actual, value)) === (denied === undefined)
  })
}

/** `10.1.2.3` or `10.0.0.0/8`, of either family. */
function isInNetwork(address: string, network: string): boolean {
  const [base = '', bits] = network.split('/')
  const family = isIP(base)
  if (family === 0 || isIP(address) === 0) return false
  const list = new BlockList()
  const kind = family === 6 ? 'ipv6' : 'ipv4'
  if (bits === undefined) list.addAddress(base, kind)
  else if (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32))
    list.addSubnet(base, Number(bits), kind)
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
