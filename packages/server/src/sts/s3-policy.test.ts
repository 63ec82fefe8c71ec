import { describe, expect, test } from 'vitest'
import { s3Policy } from './s3-policy.js'

const location = {
  dialect: 's3',
  baseUrl: 'http://127.0.0.1:7480/films',
  bucket: 'films',
  region: 'us-east-1',
} as const

describe('s3Policy', () => {
  test('parts: writing one key', () => {
    expect(s3Policy(location, { kind: 'parts', key: 'uploads/a/b c.bin', largestPart: 9 })).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['s3:PutObject'], Resource: ['arn:aws:s3:::films/uploads/a/b c.bin'] },
      ],
    })
  })

  test('prefix: keys under it, and none may be deleted', () => {
    const [statement] = s3Policy(location, { kind: 'prefix', prefix: 'own/x/' }, 'aws-cn').Statement
    expect(statement?.Resource).toEqual(['arn:aws-cn:s3:::films/own/x/*'])
    expect(statement?.Action).not.toContain('s3:DeleteObject')
  })

  test.each(['a*', 'a?b', 'a/${aws:userid}'])('a key that stands for others is refused: %s', (key) => {
    expect(() => s3Policy(location, { kind: 'parts', key, largestPart: 9 })).toThrow('wildcard')
  })
})
