import { describe, expect, it } from 'vitest'
import type { CorsRule } from './store-calls.js'
import { probeForms } from './probe-forms.js'
import { corsXml } from './cors-rules.js'
import { s3Location } from './dialects/s3/s3-location.js'
import { createS3Store } from './s3-store.js'
import { scriptedStore } from './testing/scripted-store.js'
import { writeXml } from './xml/write-xml.js'

const rule: CorsRule = {
  allowedOrigins: ['*'],
  allowedMethods: ['PUT', 'POST'],
  allowedHeaders: ['*'],
  exposeHeaders: ['ETag'],
  maxAge: 600,
}

/** A store that answers forms with these statuses in turn. @returns the result, and the methods of all calls */
async function probed(statuses: readonly number[], rules: readonly CorsRule[] = [rule]) {
  const left = [...statuses]
  const calls: string[] = []
  const answer = (request: Request): Response => {
    calls.push(request.method)
    if (new URL(request.url).searchParams.has('cors')) return new Response(writeXml(corsXml(rules)).slice())
    const headers = { etag: '"x"', 'content-length': '15', 'last-modified': new Date().toUTCString() }
    return new Response(null, { headers })
  }
  const { store } = scriptedStore(Array.from({ length: 8 }, () => answer))
  const forms: FormData[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    forms.push(await new Request(input, init).formData())
    return new Response(null, { status: left.shift() ?? 500 })
  }
  return { result: await probeForms(store, 'uploads/', { fetch }), forms, calls }
}

describe('probeForms', () => {
  it('says yes where the right bytes are taken, and others refused under either MD5, and other headers', async () => {
    const { result, forms, calls } = await probed([204, 400, 403, 403, 403])
    expect(result).toBe(true)
    const texts = await Promise.all(forms.map((form) => (form.get('file') as File).text()))
    expect(texts).toEqual([
      'the right bytes',
      'the other bytes',
      'the other bytes',
      'the right bytes',
      'the right bytes',
    ])
    expect(new Set(forms.map((form) => form.get('policy'))).size).toBe(1)
    expect(forms.map((form) => form.get('Content-MD5') === forms[0]?.get('Content-MD5'))).toEqual([
      true,
      true,
      false,
      true,
      true,
    ])
    expect(forms.map((form) => form.get('Content-Encoding'))).toEqual(['', '', '', 'gzip', ''])
    expect(forms.map((form) => form.has('x-cos-meta-added'))).toEqual([false, false, false, false, true])
    expect(calls).toEqual(['GET', 'HEAD', 'DELETE'])
  })

  it.each([
    ['forms are refused', [403]],
    ['other bytes are taken under the signed MD5', [204, 204, 403]],
    ['other bytes are taken under their own MD5', [204, 400, 204]],
    ['another header is taken', [204, 400, 403, 204, 403]],
    ['a header is taken that the policy does not name', [204, 400, 403, 403, 204]],
    ['it fails', [204, 500, 403]],
  ])('says no where %s, and removes what it tried', async (_, statuses) => {
    const { result, calls } = await probed(statuses)
    expect(result).toBe(false)
    expect(calls.at(-1)).toBe('DELETE')
  })

  it('says no where pages may PUT but not POST: they could not read the answer', async () => {
    expect((await probed([204, 400, 403, 403, 403], [{ ...rule, allowedMethods: ['PUT'] }])).result).toBe(
      false,
    )
    expect((await probed([204, 400, 403, 403, 403], [])).result).toBe(false)
    // The answers to a form and to a PUT would be decided by different rules.
    const posting = { ...rule, allowedMethods: ['POST'], exposeHeaders: [] }
    expect((await probed([204, 400, 403, 403, 403], [posting, rule])).result).toBe(false)
  })

  it('says no after the timeout where nothing is answered', async () => {
    const { store } = scriptedStore([() => new Promise<Response>(() => undefined)])
    expect(await probeForms(store, 'uploads/', { timeout: 50 })).toBe(false)
  })

  it('says no for a store without forms', async () => {
    const store = createS3Store({
      location: s3Location({ bucket: 'films', region: 'us-east-1', endpoint: 'https://store.example.com' }),
      credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
      fetch: async () => new Response(writeXml(corsXml([rule])).slice()),
      retry: { attempts: 1 },
    })
    expect(await probeForms(store, 'uploads/')).toBe(false)
    await expect(
      store.presignForm({ key: 'a', size: 1, headers: { contentMd5: '' }, expiresIn: 1 }),
    ).rejects.toMatchObject({ code: 'NotImplemented' })
  })
})
