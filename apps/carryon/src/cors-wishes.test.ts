import { describe, expect, it } from 'vitest'
import { corsProblems, corsRule, withCorsRule } from './cors-wishes.js'

const origin = 'https://app.example.com'

describe('corsProblems', () => {
  it('finds none in our own rule, nor in one with a wildcard', () => {
    expect(corsProblems([corsRule('cos', [origin])], 'cos', origin)).toEqual([])
    expect(corsProblems([corsRule('s3', ['https://*.example.com'])], 's3', origin)).toEqual([])
  })

  it('names what is missing', () => {
    expect(corsProblems([], 'cos', origin)).toEqual([`CORS: no rule lets ${origin} send PUT`])
    const poor = { ...corsRule('cos', ['*']), exposeHeaders: ['etag', 'Date'], allowedHeaders: ['x-cos-*'] }
    expect(corsProblems([poor], 'cos', origin)).toEqual([
      `CORS: ${origin} may not send authorization, content-type, content-md5, content-disposition`,
      `CORS: ${origin} may not read x-cos-request-id, x-cos-hash-crc64ecma, Content-Length`,
    ])
  })

  it('names what only makes small files slower, on COS, and no method that pages do not use', () => {
    const putting = (dialect: 'cos' | 's3') => ({ ...corsRule(dialect, ['*']), allowedMethods: ['PUT'] })
    expect(corsProblems([putting('cos')], 'cos', origin)).toEqual([
      `CORS: ${origin} may not POST, so that small files take two requests each`,
    ])
    expect(corsProblems([putting('s3')], 's3', origin)).toEqual([])
  })

  it('goes by the first rule that matches', () => {
    const poor = { ...corsRule('cos', ['*']), exposeHeaders: [] }
    expect(corsProblems([poor, corsRule('cos', [origin])], 'cos', origin)).toHaveLength(1)
  })
})

describe('withCorsRule', () => {
  it("keeps everybody else's rules and the origins it had", () => {
    const foreign = { ...corsRule('s3', ['*']), id: 'others', exposeHeaders: [] }
    const unnamed = { ...foreign, allowedMethods: ['DELETE'] }
    const once = withCorsRule([foreign, unnamed], 's3', ['https://a.example'])
    const twice = withCorsRule(once, 's3', [origin])
    expect(twice).toEqual([corsRule('s3', ['https://a.example', origin]), foreign, unnamed])
    expect(corsProblems(twice, 's3', origin)).toEqual([])
  })
})
