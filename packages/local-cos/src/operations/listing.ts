import { checkedKey } from '../address.js'
import { CosError } from '../errors.js'
import { encodeStrictly } from '../signature.js'
import { firstIndex } from '../storage/sorted-list.js'
import { compareUtf8 } from '../storage/utf8-order.js'
import { element } from '../xml.js'
import type { OperationContext } from './context.js'

/** "At most 1 000 entries" in all listings (436/7734, 436/7736, 436/7747). */
const maxPageSize = 1000

/** @throws {@link CosError} `InvalidArgument` */
export function pageSize(context: OperationContext, parameter: string, largest = maxPageSize): number {
  const text = context.address.query.get(parameter)
  if (text === undefined || text === '') return largest
  if (!/^\d{1,9}$/.test(text)) throw new CosError('InvalidArgument', `${parameter} must be a whole number.`)
  return Math.min(Number(text), largest)
}

/**
 * Reads a listing parameter that is a key or part of one; '' if missing.
 *
 * @throws {@link CosError} `KeyTooLong`: no key can match, and the answer would repeat the long value.
 */
export function keyParameter(context: OperationContext, name: string): string {
  return checkedKey(context.address.query.get(name) ?? '')
}

/** Keys may contain characters that XML cannot; clients ask for encoded keys with `encoding-type=url`. */
export function encodedKey(context: OperationContext, key: string): string {
  return wantsUrl(context) ? key.split('/').map(encodeStrictly).join('/') : key
}

export function encodingType(context: OperationContext): string | undefined {
  return wantsUrl(context) ? element('EncodingType', 'url') : undefined
}

function wantsUrl({ address }: OperationContext): boolean {
  const type = address.query.get('encoding-type')
  if (type === undefined || type === '') return false
  if (type !== 'url') throw new CosError('InvalidArgument', 'encoding-type can only be url.')
  return true
}

export interface Page<Entry> {
  readonly entries: readonly Entry[]
  readonly commonPrefixes: readonly string[]
  readonly truncated: boolean
  /** The later of the last entry's key and the last common prefix. */
  readonly last: string
}

/**
 * Returns one page of sorted entries with a prefix, grouped by a delimiter after it; a group counts as one
 * entry. Uses bisection to skip entries before the page and the rest of each group.
 *
 * @param options `marker` is a key at or after the end of every earlier page; `passed` returns whether an
 *   entry, or a whole group, was on an earlier page.
 */
export function pageOf<Entry extends { readonly key: string }>(
  sorted: readonly Entry[],
  options: {
    readonly prefix: string
    readonly delimiter: string
    readonly marker: string
    readonly max: number
    readonly passed: (entry: Entry, group: string | null) => boolean
  },
): Page<Entry> {
  const { prefix, delimiter, marker, max, passed } = options
  const entries: Entry[] = []
  const commonPrefixes: string[] = []
  const first = compareUtf8(prefix, marker) > 0 ? prefix : marker
  let last = ''
  let index = firstIndex(sorted, ({ key }) => compareUtf8(key, first) >= 0)
  for (let entry = sorted[index]; entry?.key.startsWith(prefix) === true; entry = sorted[index]) {
    const group = groupOf(entry.key, prefix, delimiter)
    if (!passed(entry, group)) {
      if (entries.length + commonPrefixes.length >= max) {
        return { entries, commonPrefixes, truncated: max > 0, last }
      }
      if (group === null) entries.push(entry)
      else commonPrefixes.push(group)
      last = group ?? entry.key
    }
    index = group === null ? index + 1 : firstIndex(sorted, ({ key }) => isBehind(key, group), index)
  }
  return { entries, commonPrefixes, truncated: false, last }
}

function isBehind(key: string, group: string): boolean {
  return !key.startsWith(group) && compareUtf8(key, group) > 0
}

function groupOf(key: string, prefix: string, delimiter: string): string | null {
  if (delimiter === '') return null
  const at = key.indexOf(delimiter, prefix.length)
  return at === -1 ? null : key.slice(0, at + delimiter.length)
}

/** Whether a key, or its group, sorts at or before the marker. */
export function notAfter(marker: string, key: string, group: string | null): boolean {
  if (marker === '') return false
  return group === null ? compareUtf8(key, marker) <= 0 : compareUtf8(group, marker) <= 0
}
