import { describe, expect, it } from 'vitest'
import { StoreClock } from '../../store-clock.js'
import { scriptedStore } from '../../testing/scripted-store.js'

const now = 1_700_000_000
const clock = new StoreClock(() => now * 1000)

describe('presigned COS URLs', () => {
  it('pin the headers of a PUT and leave out those that the sender sets itself', async () => {
    const { store } = scriptedStore([], { clock })
    const headers = {
      'content-md5': 'mQ/fVh815F3k6TAUm8m0eg==',
      'content-type': 'text/plain',
    }
    const signed = await store.presign({
      method: 'PUT',
      key: 'a/b c',
      headers: { 'content-length': '13', ...headers },
      forbidOverwrite: true,
      expiresIn: 900,
    })
    expect(signed.method).toBe('PUT')
    expect(signed.headers).toEqual({ ...headers, 'x-cos-forbid-overwrite': 'true' })
    const url = new URL(signed.url)
    expect(url.pathname).toBe('/a/b%20c')
    expect(url.searchParams.get('q-header-list')).toBe(
      'content-length;content-md5;content-type;host;x-cos-forbid-overwrite',
    )
    expect(url.searchParams.get('q-sign-time')).toBe('1699999700;1700000900')
  })

  it('carry what a GET asks for, signed, and the token, unsigned', async () => {
    const credentials = { accessKeyId: 'AKID', secretAccessKey: 's', sessionToken: 'a+b/c=' }
    const { store } = scriptedStore([], { clock, credentials })
    const disposition = "attachment; filename*=UTF-8''%E7%A9%BA%20%E6%A0%BC.bin"
    const query = { 'response-content-disposition': disposition }
    const { searchParams } = new URL(
      (await store.presign({ method: 'GET', key: 'a', query, expiresIn: 60 })).url,
    )
    expect(searchParams.get('response-content-disposition')).toBe(disposition)
    expect(searchParams.get('x-cos-security-token')).toBe('a+b/c=')
    expect(searchParams.get('q-url-param-list')).toBe('response-content-disposition')
  })

  it('do not outlive the credentials', async () => {
    const credentials = async () => ({ accessKeyId: 'AKID', secretAccessKey: 's', expiresAt: now + 100 })
    const { store } = scriptedStore([], { clock, credentials })
    const { url } = await store.presign({ method: 'GET', key: 'a', expiresIn: 900 })
    expect(new URL(url).searchParams.get('q-sign-time')).toBe(`${now - 300};${now + 100}`)
  })
})
