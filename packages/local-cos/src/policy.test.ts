import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesPattern } from './pattern.js'
import { isAllowed, parsePolicy, type AccessRequest } from './policy.js'
import { PolicyError } from './policy-error.js'

const request: AccessRequest = {
  operation: 'UploadPart',
  region: 'ap-guangzhou',
  bucket: 'photos-1250000000',
  key: 'dir/a:b.bin',
  conditionValue: () => undefined,
}
const exact = 'qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/dir/a:b.bin'

function allows(statement: object | readonly object[], change: Partial<AccessRequest> = {}): boolean {
  return isAllowed(parsePolicy(JSON.stringify({ version: '2.0', statement })), { ...request, ...change })
}

const allow = { effect: 'allow', action: ['name/cos:UploadPart'], resource: [exact] }

describe('a policy', () => {
  it('allows exactly what it names', () => {
    expect(allows(allow)).toBe(true)
    expect(allows([allow])).toBe(true)
    expect(allows(allow, { operation: 'PutObject' })).toBe(false)
    expect(allows(allow, { key: 'dir/a:b.bin2' })).toBe(false)
    expect(allows(allow, { key: '' })).toBe(false)
    expect(allows(allow, { bucket: 'photos2-1250000000' })).toBe(false)
    expect(allows(allow, { region: 'ap-beijing' })).toBe(false)
  })

  it.each([
    ['*', true],
    ['name/cos:*', true],
    ['name/cos:Upload*', true],
    ['cos:UploadPart', true],
    ['name/cos:uploadpart', true],
    ['name/cos:UploadPartCopy', false],
    ['name/cvm:*', false],
    ['name/cos:Put*', false],
  ])('understands the action %s', (action, expected) => {
    expect(allows({ ...allow, action })).toBe(expected)
  })

  it.each([
    ['*', true],
    ['qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/dir/*', true],
    ['qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*', true],
    ['qcs::cos:*:uid/1250000000:photos-1250000000/*', true],
    ['qcs::cos::uid/1250000000:photos-1250000000/*', true],
    ['qcs::cos:ap-guangzhou:uid/1250000000:prefix//1250000000/photos/dir/a:b.bin', true],
    ['qcs::cos:ap-guangzhou:uid/1250000000:prefix//1250000000/photos/dir/*', true],
    ['qcs::cos:ap-guangzhou:uid/1250000000:prefix//1250000000/other/*', false],
    ['qcs::cos:ap-guangzhou:uid/1250000001:photos-1250000000/*', false],
    ['qcs::cos:ap-*:uid/9:photos-1250000000/*', false],
    ['qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000', false],
  ])('understands the resource %s', (resource, expected) => {
    expect(allows({ ...allow, resource })).toBe(expected)
  })

  it('names a bucket with or without the slash', () => {
    const bucketOnly = 'qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000'
    for (const resource of [bucketOnly, `${bucketOnly}/`, `${bucketOnly}/*`]) {
      expect(allows({ ...allow, resource }, { key: '' })).toBe(true)
    }
  })

  it('denies whatever any statement denies', () => {
    const everything = { effect: 'allow', action: '*', resource: '*' }
    expect(allows([everything, { ...allow, effect: 'deny' }])).toBe(false)
    expect(allows([{ ...allow, effect: 'deny' }, everything])).toBe(false)
    expect(allows([everything, { ...allow, effect: 'deny' }], { key: 'other' })).toBe(true)
  })

  it.each([
    ['numeric_less_than_equal', 'cos:content-length', 10, '10', true],
    ['numeric_less_than_equal', 'cos:content-length', 10, '11', false],
    ['numeric_less_than_equal', 'cos:content-length', 10, undefined, false],
    ['numeric_less_than_equal_if_exist', 'cos:content-length', 10, undefined, true],
    ['numeric_less_than_equal_if_exist', 'cos:content-length', 10, '11', false],
    ['numeric_equal', 'cos:content-length', 10, 'x', false],
    ['string_equal', 'cos:x-cos-acl', ['private', 'default'], 'default', true],
    ['string_equal', 'cos:x-cos-acl', 'private', 'public-read', false],
    ['string_equal', 'cos:x-cos-forbid-overwrite', true, 'true', true],
    ['string_equal', 'cos:x-cos-forbid-overwrite', 'true', undefined, false],
    ['string_not_equal', 'cos:x-cos-storage-class', ['ARCHIVE'], 'STANDARD', true],
    ['string_not_equal', 'cos:x-cos-storage-class', ['ARCHIVE', 'STANDARD'], 'STANDARD', false],
    ['string_like', 'cos:content-type', 'image/*', 'image/png', true],
    ['string_like', 'cos:content-type', 'image/*', 'video/mp4', false],
    ['string_like_if_exist', 'cos:content-type', 'image/*', undefined, true],
    ['string_equal_ignore_case', 'cos:content-type', 'IMAGE/PNG', 'image/png', true],
    ['bool_equal', 'cos:secure-transport', 'true', 'false', false],
    ['bool_equal', 'cos:secure-transport', false, 'false', true],
    ['ip_equal', 'qcs:ip', ['10.0.0.0/8', '127.0.0.1'], '127.0.0.1', true],
    ['ip_equal', 'qcs:ip', '10.0.0.0/8', '10.200.3.4', true],
    ['ip_equal', 'qcs:ip', '10.0.0.0/8', '11.0.0.1', false],
    ['ip_not_equal', 'qcs:ip', '10.0.0.0/8', '11.0.0.1', true],
    ['ip_equal', 'qcs:ip', '::1', '::1', true],
    ['ip_not_equal', 'qcs:ip', '10.0.0.0/8', 'no address', false],
    ['numeric_not_equal', 'cos:content-length', 10, 'x', false],
    ['date_less_than', 'qcs:current_time', '2030-01-01T00:00:00Z', '2029-01-01T00:00:00Z', true],
  ])('meets %s of %s: %j against %j is %j', (operator, key, wanted, actual, expected) => {
    const condition = { [operator]: { [key]: wanted } }
    const conditionValue = (name: string): string | undefined => (name === key ? actual : undefined)
    expect(allows({ ...allow, condition }, { conditionValue })).toBe(expected)
  })

  it('needs every condition', () => {
    const condition = {
      string_equal: { 'cos:x-cos-acl': 'private' },
      numeric_less_than: { 'cos:content-length': 5 },
    }
    const values: Record<string, string> = { 'cos:x-cos-acl': 'private', 'cos:content-length': '4' }
    expect(allows({ ...allow, condition }, { conditionValue: (name) => values[name] })).toBe(true)
    expect(
      allows(
        { ...allow, condition },
        { conditionValue: (name) => ({ ...values, 'cos:content-length': '9' })[name] },
      ),
    ).toBe(false)
  })

  it('needs conditions that differ only in case, each of them', () => {
    const values: Record<string, string> = { 'cos:x-cos-acl': 'private', 'cos:content-length': '4' }
    const meets = (condition: object): boolean =>
      allows({ ...allow, condition }, { conditionValue: (name) => values[name] })
    const acl = { 'cos:x-cos-acl': 'private' }
    const operators = { string_equal: { 'cos:x-cos-acl': 'default' }, STRING_EQUAL: acl }
    expect(meets(operators)).toBe(false)
    expect(meets({ String_Equal: acl, string_equal: acl })).toBe(true)
    expect(meets({ string_equal: { 'cos:x-cos-acl': 'default', 'cos:X-Cos-Acl': 'private' } })).toBe(false)
    expect(meets({ string_equal: { 'cos:X-COS-ACL': 'private' } })).toBe(true)
  })

  it.each([
    'no json',
    '[]',
    '{"version":"1.0","statement":[]}',
    '{"version":"2.0","statement":[]}',
    '{"version":"2.0"}',
    '{"version":"2.0","statement":[{"effect":"maybe","action":"*","resource":"*"}]}',
    '{"version":"2.0","statement":[{"effect":"allow","resource":"*"}]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*","condition":{"string_close_to":{}}}]}',
    '{"version":"2.0","version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*"}]}',
    ...[
      { Conditions: {} },
      { notAction: 'name/cos:PutObject' },
      { condition: {}, Condition: {} },
      { action: 'name:cos/PutObject' },
      { action: 'qcs:cos:PutObject' },
      { resource: 'photos-1250000000/*' },
      { resource: 'qcs::cos:ap-guangzhou:photos-1250000000/*' },
      { condition: { ip_equal: { 'qcs:ip': 'nonsense/99' } } },
      { condition: { ip_not_equal: { 'qcs:ip': '127.0.0.0/99' } } },
      { condition: { ip_equal: { 'qcs:ip': '10.0.0.0/8/1' } } },
      { condition: { numeric_not_equal: { 'cos:content-length': 'x' } } },
      { condition: { numeric_equal: { 'cos:content-length': '' } } },
      { condition: { date_less_than: { 'qcs:current_time': 'soon' } } },
      { condition: { bool_equal_if_exist: { 'cos:secure-transport': 'yes' } } },
      { condition: { string_equal: { 'cos:x-cos-acl': [] } } },
      { condition: { string_equal: { 'qcs:requester': 'a' } } },
      { condition: { string_equal: { 'x-cos-acl': 'private' } } },
    ].map((change) => JSON.stringify({ version: '2.0', statement: { ...allow, effect: 'deny', ...change } })),
  ])('is refused when it cannot be carried out: %s', (json) => {
    expect(() => parsePolicy(json)).toThrow(PolicyError)
  })
})

describe('a policy with a name twice', () => {
  const twice = '"string_equal":{"cos:x-cos-acl":"private"},"string_equal":{"cos:x-cos-acl":"default"}'
  const withCondition = (condition: string): string =>
    `{"version":"2.0","statement":{"effect":"allow","action":"*","resource":"*","condition":${condition}}}`

  it('is refused, because only the last would count', () => {
    expect(() => parsePolicy(withCondition(`{${twice}}`))).toThrow('"string_equal" appears twice')
    const escaped = twice.replace('"string_equal"', '"string\\u005fequal"')
    expect(() => parsePolicy(withCondition(`{${escaped}}`))).toThrow('appears twice')
    const inside = '{"string_equal":{"cos:x-cos-acl":"private","cos:x-cos-acl":"default"}}'
    expect(() => parsePolicy(withCondition(inside))).toThrow('"cos:x-cos-acl" appears twice')
  })

  it('is no policy with equal names in different objects, or with a text like a name', () => {
    const several =
      '{"string_equal":{"cos:x-cos-acl":["{\\"a\\":1,","a","a"]},"string_like":{"cos:x-cos-acl":"a"}}'
    expect(parsePolicy(withCondition(several)).statements[0]?.conditions).toHaveLength(2)
  })
})

describe('a pattern', () => {
  it('matches as the regular expression of the same meaning', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 12 })
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 })
    fc.assert(
      fc.property(patterns, letters, (pattern, text) => {
        const expression = pattern.replaceAll('.', '\\.').replaceAll('*', '.*')
        expect(matchesPattern(pattern, text)).toBe(new RegExp(`^${expression}$`, 's').test(text))
      }),
      { numRuns: 2000 },
    )
  })
})
