import { describe, expect, test } from 'vitest'
import { cosPolicy } from './cos-policy.js'

const location = {
  dialect: 'cos',
  baseUrl: 'https://b-1250000000.cos.ap-guangzhou.myqcloud.com',
  bucket: 'b-1250000000',
  region: 'ap-guangzhou',
} as const

describe('cosPolicy', () => {
  test('parts: one action on one key, of so many bytes', () => {
    expect(cosPolicy(location, { kind: 'parts', key: 'uploads/a/b.bin', largestPart: 9 })).toEqual({
      version: '2.0',
      statement: [
        {
          effect: 'allow',
          action: ['name/cos:UploadPart'],
          resource: ['qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/uploads/a/b.bin'],
          condition: { numeric_less_than_equal_if_exist: { 'cos:content-length': 9 } },
        },
      ],
    })
  })

  test('prefix: what the SDK needs, on keys under the prefix', () => {
    const { statement } = cosPolicy(location, { kind: 'prefix', prefix: 'uploads/own/x/' })
    expect(statement.map(({ resource }) => resource)).toEqual([
      ['qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/uploads/own/x/*'],
    ])
    expect(statement.flatMap(({ action }) => action)).not.toContain('name/cos:DeleteObject')
  })

  test.each(['a*', 'a?b'])('a key with a wildcard is refused: %s', (key) => {
    expect(() => cosPolicy(location, { kind: 'parts', key, largestPart: 9 })).toThrow('wildcard')
  })

  test('a bucket without an app id is refused', () => {
    expect(() =>
      cosPolicy({ ...location, bucket: 'plain' }, { kind: 'parts', key: 'a', largestPart: 9 }),
    ).toThrow('app id')
  })
})
