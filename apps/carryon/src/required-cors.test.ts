import { cosLocation, createCosStore, createS3Store, dialects, s3Location } from '@carryon/object-store'
import type { ObjectStore } from '@carryon/object-store'
import { createServer, openDatabase } from '@carryon/server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { corsProblems, requiredCorsRule, withCorsRule } from './required-cors.js'

const origin = 'https://app.example.com'

describe('corsProblems', () => {
  it('finds none in our own rule, nor in one with a wildcard', () => {
    expect(corsProblems([requiredCorsRule(dialects.cos, [origin])], dialects.cos, origin)).toEqual([])
    expect(
      corsProblems([requiredCorsRule(dialects.s3, ['https://*.example.com'])], dialects.s3, origin),
    ).toEqual([])
  })

  it('names what is missing', () => {
    expect(corsProblems([], dialects.cos, origin)).toEqual([`CORS: no rule lets ${origin} send PUT`])
    const poor = {
      ...requiredCorsRule(dialects.cos, ['*']),
      exposeHeaders: ['etag', 'Date'],
      allowedHeaders: ['x-cos-*'],
    }
    expect(corsProblems([poor], dialects.cos, origin)).toEqual([
      `CORS: ${origin} may not send authorization, content-type, content-md5, content-disposition, cache-control, content-encoding, content-language, expires`,
      `CORS: ${origin} may not read x-cos-request-id, x-cos-hash-crc64ecma, Content-Length`,
    ])
  })

  it('names what only makes small files slower, on COS, and no method that pages do not use', () => {
    const putting = (dialect: 'cos' | 's3') => ({
      ...requiredCorsRule(dialects[dialect], ['*']),
      allowedMethods: ['PUT'],
    })
    expect(corsProblems([putting('cos')], dialects.cos, origin)).toEqual([
      `CORS: ${origin} may not POST, so that small files take two requests each`,
    ])
    expect(corsProblems([putting('s3')], dialects.s3, origin)).toEqual([])
  })

  it('goes by the first rule that matches', () => {
    const poor = { ...requiredCorsRule(dialects.cos, ['*']), exposeHeaders: [] }
    expect(corsProblems([poor, requiredCorsRule(dialects.cos, [origin])], dialects.cos, origin)).toHaveLength(
      1,
    )
  })
})

describe('what a page has to be allowed to send', () => {
  const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' }
  const capabilities = { forms: false, forbidOverwrite: true, emptyHeaders: true }
  const stores = {
    cos: createCosStore({
      location: cosLocation({ bucket: 'files-1250000000', region: 'ap-guangzhou' }),
      credentials,
      capabilities,
    }),
    s3: createS3Store({
      location: s3Location({ bucket: 'files', region: 'eu-west-1' }),
      credentials,
      capabilities,
    }),
  }

  it.each(['cos', 's3'] as const)('holds every header of a small file by PUT on %s', async (dialect) => {
    const sent = await headersOfSinglePut(stores[dialect])
    const rule = { ...requiredCorsRule(dialects[dialect], [origin]), allowedHeaders: [] }
    const unsent = corsProblems([rule], dialects[dialect], origin).find((problem) =>
      problem.includes('may not send'),
    )
    // The browser sets Content-Length itself, without a preflight.
    expect(sent.filter((name) => name !== 'content-length' && !unsent?.includes(name))).toEqual([])
    expect(sent).toEqual(expect.arrayContaining(['content-md5', 'cache-control', 'expires']))
  })
})

/** Header names in lower case. */
async function headersOfSinglePut(store: ObjectStore): Promise<string[]> {
  const database = openDatabase({ file: ':memory:' })
  const server = createServer({ store, sts: null, database, authorize: () => ({ owner: 'anna' }) })
  onTestFinished(() => server.close())
  await database.migrate()
  const answer = await server.fetch(
    new Request('http://app.test/api/uploads', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identity: '1:5:a', name: 'a.txt', size: 5, md5: 'XUFAKrxLKna5cZ2REBfFkg==' }),
    }),
  )
  const { access } = (await answer.json()) as { access: { headers: Record<string, string> } }
  return Object.keys(access.headers).map((name) => name.toLowerCase())
}

describe('withCorsRule', () => {
  it("keeps everybody else's rules and the origins it had", () => {
    const foreign = { ...requiredCorsRule(dialects.s3, ['*']), id: 'others', exposeHeaders: [] }
    const unnamed = { ...foreign, allowedMethods: ['DELETE'] }
    const once = withCorsRule([foreign, unnamed], dialects.s3, ['https://a.example'])
    const twice = withCorsRule(once, dialects.s3, [origin])
    expect(twice).toEqual([requiredCorsRule(dialects.s3, ['https://a.example', origin]), foreign, unnamed])
    expect(corsProblems(twice, dialects.s3, origin)).toEqual([])
  })
})
