import { describe, expect, it } from 'vitest'
import { CosError } from '../errors.js'
import { checkFormPolicy, parseFormPolicy } from './form-policy.js'

const now = Date.parse('2026-01-01T00:00:00Z')
const required = [{ 'q-sign-algorithm': 'sha1' }, { 'q-ak': 'id' }, { 'q-sign-time': '1;2' }]
const fields = {
  key: 'photos/中.jpg',
  'content-type': 'image/jpeg',
  'q-sign-algorithm': 'sha1',
  'q-ak': 'id',
  'q-key-time': '1;2',
}

function policyOf(conditions: readonly unknown[], expiration: unknown = '2026-01-01T00:00:01.000Z'): string {
  return JSON.stringify({ expiration, conditions })
}

/** Error message, or ''. */
function refusal(json: string, form: Readonly<Record<string, string>> = fields): string {
  try {
    checkFormPolicy(parseFormPolicy(json), {
      fields: new Map(Object.entries(form)),
      bucket: 'carryon-1250000000',
      now,
    })
    return ''
  } catch (error) {
    if (!(error instanceof CosError)) throw error
    return `${error.code}: ${error.message}`
  }
}

describe('the policy of a form', () => {
  it.each([
    [[{ bucket: 'carryon-1250000000' }]],
    [[{ key: 'photos/中.jpg', 'Content-Type': 'image/jpeg' }]],
    [[['eq', '$Key', 'photos/中.jpg']]],
    [[['starts-with', '$key', 'photos/']]],
    [[['starts-with', '$key', '']]],
    [[['starts-with', '$Content-Type', 'image/']]],
  ])('allows what fits %j', (conditions) => {
    expect(refusal(policyOf([...required, ...conditions]))).toBe('')
  })

  it.each([
    [{ bucket: 'other-1250000000' }, '["eq","$bucket","other-1250000000"] does not hold'],
    [['eq', '$key', 'photos/'], '["eq","$key","photos/"] does not hold'],
    [['starts-with', '$key', 'videos/'], '["starts-with","$key","videos/"] does not hold'],
    [{ 'x-cos-meta-a': 'b' }, 'The form has no x-cos-meta-a, which ["eq","$x-cos-meta-a","b"] asks for'],
    [['starts-with', '$acl', ''], 'The form has no acl'],
  ])('denies what does not fit %j', (condition, message) => {
    expect(refusal(policyOf([...required, condition]))).toMatch(/^AccessDenied: /)
    expect(refusal(policyOf([...required, condition]))).toContain(message)
  })

  it.each(required.map((_, index) => index))('must be bound to key and time (%i)', (index) => {
    expect(refusal(policyOf(required.filter((_, other) => other !== index)))).toMatch(
      /^AccessDenied: .*has no condition on q-/,
    )
  })

  it('must not have expired', () => {
    expect(refusal(policyOf(required, '2026-01-01T00:00:00.000Z'))).toBe('AccessDenied: Request has expired')
  })

  it('must cover what changes the request, but for the token', () => {
    const stored = { ...fields, 'x-cos-forbid-overwrite': 'false' }
    expect(refusal(policyOf(required), stored)).toContain('x-cos-forbid-overwrite is not part of the policy')
    expect(refusal(policyOf([...required, ['starts-with', '$X-COS-forbid-overwrite', '']]), stored)).toBe('')
    expect(refusal(policyOf(required), { ...fields, 'x-cos-security-token': 't' })).toBe('')
  })

  it.each(['Cache-Control', 'Content-Disposition', 'Content-Encoding', 'Content-Language', 'Expires'])(
    'must cover %s, which is stored with the object',
    (field) => {
      const name = field.toLowerCase()
      expect(refusal(policyOf(required), { ...fields, [name]: 'x' })).toContain(
        `${name} is not part of the policy`,
      )
      expect(refusal(policyOf(required), { ...fields, [name]: '' })).toBe('')
      expect(refusal(policyOf([...required, ['eq', `$${field}`, 'x']]), { ...fields, [name]: 'x' })).toBe('')
      expect(refusal(policyOf([...required, ['eq', `$${field}`, '']]), { ...fields, [name]: 'x' })).toContain(
        'does not hold',
      )
    },
  )

  it('may name the size of the file, several times', () => {
    const sizes = (...conditions: readonly unknown[]): unknown =>
      parseFormPolicy(policyOf(conditions)).fileSize
    expect(sizes()).toEqual({ min: 0, max: Infinity })
    expect(sizes(['content-length-range', 5, 10])).toEqual({ min: 5, max: 10 })
    expect(sizes(['content-length-range', '5', 10], ['content-length-range', 0, 8])).toEqual({
      min: 5,
      max: 8,
    })
  })

  it.each([
    'x',
    '[]',
    '{}',
    policyOf([], 'soon'),
    JSON.stringify({ expiration: '2026-01-01T00:00:00Z' }),
    policyOf(['x']),
    policyOf([['ends-with', '$key', 'x']]),
    policyOf([['eq', 'key', 'x']]),
    policyOf([['eq', '$key', {}]]),
    policyOf([['content-length-range', 5]]),
    policyOf([['content-length-range', 5, 4]]),
  ])('is refused when it is %s', (json) => {
    expect(refusal(json)).toMatch(/^InvalidArgument: The policy cannot be carried out/)
  })
})
