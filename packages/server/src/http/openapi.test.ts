import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { startTestServer } from '../testing/test-server.js'
import type { TestServer } from '../testing/test-server.js'
import { apiCalls } from './api-calls.js'
import { describeApi } from './openapi.js'

let setup: TestServer
beforeAll(async () => {
  setup = await startTestServer({ basePath: '/files' })
})
afterAll(() => setup.close())

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  setup.server.fetch(new Request(`http://app.test${path}`, { headers }))

describe('the description of the API', () => {
  it('is in docs/openapi.json as it is; -u writes it anew', async () => {
    const text = `${JSON.stringify(describeApi(), null, 2)}\n`
    await expect(text).toMatchFileSnapshot('../../../../docs/openapi.json')
  })

  it('is OpenAPI', async () => {
    expect(await new Validator().validate(describeApi())).toEqual({ valid: true })
  })

  it('names every call once, so that generated clients have a method for each', () => {
    const named = Object.values(describeApi()['paths'] as object).flatMap((calls: object) =>
      Object.entries(calls).flatMap(([method, call]) =>
        method === 'parameters' ? [] : [(call as { readonly operationId: string }).operationId],
      ),
    )
    expect(named).toContain('openUpload')
    expect(new Set(named).size).toBe(named.length)
  })

  it('is answered to any page, and says where the server is', async () => {
    const answer = await get('/files/api/openapi.json', { origin: 'https://elsewhere.example' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(await answer.json()).toEqual({ ...describeApi(), servers: [{ url: 'http://app.test/files' }] })
  })
})

const described = Object.entries(apiCalls).flatMap(([path, calls]) =>
  Object.keys(calls).map((method) => [method.toUpperCase(), path] as const),
)

test.each(described)('%s %s is there', async (method, path) => {
  const url = `http://app.test/files${path.replace('{id}', 'none')}`
  const answer = await setup.server.fetch(new Request(url, { method }))
  expect(await answer.text()).not.toContain('This server has nothing at this address')
})
