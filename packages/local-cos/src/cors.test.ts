import { describe, expect, it } from 'vitest'
import { corsHeaders, formatCors, parseCors, preflightHeaders } from './cors.js'
import { CosError } from './errors.js'
import { bucket, startTestStore } from './testing/store.js'

const rule = (content: string): string => `<CORSRule>${content}</CORSRule>`
const document = (...rules: readonly string[]): string =>
  `<CORSConfiguration>${rules.join('')}</CORSConfiguration>`
const uploader = rule(
  '<ID>up</ID><AllowedOrigin>https://*.example.com</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>' +
    '<AllowedHeader>authorization</AllowedHeader><AllowedHeader>x-cos-*</AllowedHeader>' +
    '<ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds>',
)
const reader = rule('<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>')
const page = 'https://www.example.com'

describe('CORS rules', () => {
  it('are written as they were read', () => {
    const configuration = parseCors(document(uploader, reader))
    expect(parseCors(formatCors(configuration))).toEqual(configuration)
  })

  it.each([
    ['', 'MalformedXML'],
    [document(), 'MalformedXML'],
    [document(rule('<AllowedMethod>GET</AllowedMethod>')), 'MalformedXML'],
    [
      document(rule('<AllowedOrigin>*</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod>')),
      'InvalidRequest',
    ],
    [
      document(rule('<AllowedOrigin>*.*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>')),
      'InvalidRequest',
    ],
    [document(reader.replace('</CORSRule>', '<ExposeHeader>*</ExposeHeader></CORSRule>')), 'InvalidRequest'],
    [document(reader.replace('</CORSRule>', '<MaxAgeSeconds>x</MaxAgeSeconds></CORSRule>')), 'MalformedXML'],
    [document(...Array.from({ length: 101 }, () => reader)), 'MalformedXML'],
  ])('are refused when they cannot be: %#', (xml, code) => {
    expect(() => parseCors(xml)).toThrow(expect.objectContaining({ code }) as CosError)
  })

  it('let a page of a fitting origin do and read what they name', () => {
    const configuration = parseCors(document(uploader, reader))
    expect(corsHeaders(configuration, page, 'PUT')).toEqual({
      'Access-Control-Allow-Origin': page,
      'Access-Control-Allow-Methods': 'PUT',
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': 'ETag',
      'Access-Control-Max-Age': '60',
      Vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
    })
    expect(corsHeaders(configuration, 'https://example.org', 'PUT')).toEqual({})
    expect(corsHeaders(configuration, 'https://example.org', 'GET')['Access-Control-Allow-Origin']).toBe('*')
    expect(corsHeaders(configuration, page, 'DELETE')).toEqual({})
    expect(corsHeaders(null, page, 'GET')).toEqual({})
  })

  it('answer a preflight by the first rule that fits it whole', () => {
    const configuration = parseCors(document(reader, uploader))
    const headers = preflightHeaders(configuration, {
      origin: page,
      method: 'PUT',
      headers: ['Authorization', 'X-Cos-Security-Token'],
    })
    expect(headers['Access-Control-Allow-Headers']).toBe('Authorization, X-Cos-Security-Token')
    for (const [method, header] of [
      ['PUT', 'content-type'],
      ['POST', 'authorization'],
      ['GET', 'authorization'],
    ] as const) {
      expect(() => preflightHeaders(configuration, { origin: page, method, headers: [header] })).toThrow(
        CosError,
      )
    }
  })

  it('are kept with the bucket, over a restart too', async () => {
    const first = await startTestStore({ cors: 'none' })
    const path = `/${bucket}/`
    const query = { cors: '' }
    expect((await first.client.call({ method: 'GET', path, query })).code).toBe('NoSuchCORSConfiguration')
    expect((await first.client.call({ method: 'PUT', path, query, body: document(uploader) })).status).toBe(
      200,
    )
    await first.store.close()
    const { client } = await startTestStore({ directory: first.directory })
    expect((await client.call({ method: 'GET', path, query })).text).toContain('<ID>up</ID>')
    const preflight = {
      method: 'OPTIONS',
      path: `/${bucket}/a`,
      credentials: false,
      headers: { origin: page, 'access-control-request-method': 'PUT' },
    } as const
    expect((await client.call(preflight)).status).toBe(200)
    expect((await client.call({ method: 'DELETE', path, query })).status).toBe(204)
    const refused = await client.call(preflight)
    expect([refused.status, refused.code]).toEqual([403, 'AccessForbidden'])
  })
})
