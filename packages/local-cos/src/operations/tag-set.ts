import { CosError } from '../errors.js'
import { parseBodyXml } from '../request-xml.js'
import type { Tag } from '../storage/object-record.js'
import { childText, element, xmlDeclaration } from '../xml.js'

/** Limits for the tags of a resource: 436/35665 and 436/31509. */
export interface TagRules {
  readonly maxTags: number
  readonly mayBeEmpty: boolean
  /** Key prefixes that only Tencent may use. */
  readonly reserved: readonly string[]
}

export const objectTagRules: TagRules = { maxTags: 10, mayBeEmpty: false, reserved: [] }
export const bucketTagRules: TagRules = { maxTags: 50, mayBeEmpty: true, reserved: ['qcs:', 'project'] }

const maxKeyBytes = 127
const maxValueBytes = 255
/** "Letters of any script, digits, spaces and + - _ = / . : @". */
const allowed = /^[\p{L}\p{M}\p{N} +\-_=/.:@]*$/u

/** @throws {@link CosError} `InvalidTag`, `BadRequest` (too many) */
export function checkTags(tags: readonly Tag[], rules: TagRules): readonly Tag[] {
  if (tags.length > rules.maxTags) {
    throw new CosError(
      'BadRequest',
      `There are ${tags.length} tags, and at most ${rules.maxTags} are possible. Nothing was changed.`,
    )
  }
  for (const { key, value } of tags) {
    const reserved = rules.reserved.find((beginning) => key.startsWith(beginning))
    if (reserved !== undefined) throw invalidTag(key, `its key begins with ${reserved}, which is reserved`)
    if (key === '' || Buffer.byteLength(key) > maxKeyBytes) {
      throw invalidTag(key, `a key has 1 to ${maxKeyBytes} bytes`)
    }
    if ((value === '' && !rules.mayBeEmpty) || Buffer.byteLength(value) > maxValueBytes) {
      throw invalidTag(key, `a value has ${rules.mayBeEmpty ? 0 : 1} to ${maxValueBytes} bytes`)
    }
    if (!allowed.test(key) || !allowed.test(value)) {
      throw invalidTag(key, 'only letters, digits, spaces and + - _ = / . : @ are possible')
    }
  }
  const twice = tags.find(({ key }, index) => tags.findIndex((tag) => tag.key === key) !== index)
  if (twice !== undefined) throw invalidTag(twice.key, 'its key is there twice')
  return tags
}

function invalidTag(key: string, why: string): CosError {
  return new CosError(
    'InvalidTag',
    `The tag ${JSON.stringify(key)} cannot be set: ${why}. Nothing was changed.`,
  )
}

/**
 * Parses `x-cos-tagging`: `Key1=Value1&Key2=Value2`, both percent-encoded (436/7749). Empty if there is no
 * header.
 *
 * @throws {@link CosError} `InvalidTag`, `BadRequest`
 */
export function parseTagHeader(text: string): readonly Tag[] {
  if (text === '') return []
  const tags = text.split('&').map((pair) => {
    const equals = pair.indexOf('=')
    if (equals === -1) throw invalidTag(pair, 'x-cos-tagging must be Key1=Value1&Key2=Value2')
    return { key: decoded(pair.slice(0, equals)), value: decoded(pair.slice(equals + 1)) }
  })
  return checkTags(tags, objectTagRules)
}

function decoded(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '))
  } catch {
    throw invalidTag(encoded, 'it is not percent-encoded UTF-8')
  }
}

/** @throws {@link CosError} `MalformedXML`, `InvalidTag`, `BadRequest` */
export function parseTagging(xml: string, rules: TagRules): readonly Tag[] {
  const root = parseBodyXml(xml, 'Tagging')
  const [set, ...more] = root.children
  if (set?.name !== 'TagSet' || more.length > 0 || set.children.some(({ name }) => name !== 'Tag')) {
    throw malformed()
  }
  const tags = set.children.map((tag) => {
    const [key, value] = [childText(tag, 'Key'), childText(tag, 'Value')]
    if (key === undefined || value === undefined || tag.children.length !== 2) throw malformed()
    return { key, value }
  })
  if (tags.length === 0) throw malformed()
  return checkTags(tags, rules)
}

function malformed(): CosError {
  return new CosError(
    'MalformedXML',
    'The body must be a Tagging with one TagSet of Tags, each with one Key and one Value. To remove all tags, delete them.',
  )
}

export function formatTagging(tags: readonly Tag[]): string {
  const set = tags.map(({ key, value }) => element('Tag', [element('Key', key), element('Value', value)]))
  return xmlDeclaration + element('Tagging', [element('TagSet', set)])
}
