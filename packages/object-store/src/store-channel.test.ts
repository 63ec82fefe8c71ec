import { describe, expect, it } from 'vitest'
import { StoreClock } from './store-clock.js'
import { StoreError } from './store-error.js'
import { errorAnswer } from './testing/scripted-fetch.js'
import { scriptedStore } from './testing/scripted-store.js'

const now = Date.UTC(2026, 10, 22, 13)
const date = new Date(now).toUTCString()
const ok = (): Response => new Response(null, { status: 204 })

/** Start of the signature's window, unix seconds. */
function signedFrom(request: Request | undefined): number {
  return Number(/q-sign-time=(\d+);/.exec(request?.headers.get('authorization') ?? '')?.[1])
}

describe('the channel to a store', () => {
  it('signs again with the right time when the clock was wrong', async () => {
    const clock = new StoreClock(() => now - 5 * 3_600_000)
    const refusal = errorAnswer(403, 'RequestTimeTooSkewed', { date })
    const { store, requests } = scriptedStore([refusal, ok(), ok()], { clock })
    await store.deleteObject('a')
    await store.deleteObject('b')
    expect(requests).toHaveLength(3)
    expect(signedFrom(requests[0])).toBeLessThan(now / 1000 - 4 * 3600)
    for (const request of requests.slice(1))
      expect(Math.abs(signedFrom(request) - now / 1000)).toBeLessThan(700)
  })

  it('does so for HEAD too, whose refusal has no body', async () => {
    const clock = new StoreClock(() => now + 5 * 3_600_000)
    const { store } = scriptedStore([new Response(null, { status: 403, headers: { date } }), ok()], { clock })
    await expect(store.headBucket()).resolves.toBeUndefined()
  })

  it('does so once only, and not when the clock was right', async () => {
    const refusal = (): Response => errorAnswer(403, 'RequestTimeTooSkewed', { date })
    const wrong = scriptedStore([refusal(), refusal()], { clock: new StoreClock(() => 0) })
    await expect(wrong.store.deleteObject('a')).rejects.toMatchObject({ code: 'RequestTimeTooSkewed' })
    const right = scriptedStore([errorAnswer(403, 'AccessDenied', { date })], {
      clock: new StoreClock(() => now),
    })
    await expect(right.store.deleteObject('a')).rejects.toMatchObject({ code: 'AccessDenied', status: 403 })
  })

  it('gets new credentials when the store calls them expired', async () => {
    let issued = 0
    const { store, requests } = scriptedStore([errorAnswer(400, 'ExpiredToken'), ok()], {
      credentials: async () => {
        issued += 1
        const sessionToken = `token ${issued}`
        return { accessKeyId: 'AKID', secretAccessKey: 's', sessionToken, expiresAt: Number.MAX_SAFE_INTEGER }
      },
    })
    await store.deleteObject('a')
    expect(requests.map(({ headers }) => headers.get('x-cos-security-token'))).toEqual(['token 1', 'token 2'])
  })

  it('cannot do so with fixed credentials', async () => {
    const { store } = scriptedStore([errorAnswer(400, 'ExpiredToken')])
    await expect(store.deleteObject('a')).rejects.toMatchObject({ code: 'ExpiredToken' })
  })

  it('repeats what may be repeated, three times in all', async () => {
    const answers = [new TypeError('fetch failed'), errorAnswer(503, 'SlowDown'), ok(), ok()]
    const { store, requests } = scriptedStore(answers)
    await store.deleteObject('a')
    expect(requests).toHaveLength(3)
  })

  it('follows no redirect, for it would carry the signature elsewhere', async () => {
    const answer = new Response(null, { status: 307, headers: { location: 'http://elsewhere/' } })
    const { store, requests } = scriptedStore([answer])
    await expect(store.deleteObject('a')).rejects.toMatchObject({ status: 307, retryable: false })
    expect(requests[0]?.redirect).toBe('manual')
  })

  it('refuses a header that cannot be sent before anything is sent', async () => {
    const { store, requests } = scriptedStore([])
    const put = store.putObject('a', new Uint8Array(), {
      contentType: 'text/plain\r\nx-cos-acl: public-read',
    })
    await expect(put).rejects.toBeInstanceOf(StoreError)
    await expect(put).rejects.toMatchObject({ code: 'InvalidRequest', retryable: false })
    expect(requests).toEqual([])
  })
})
