import { describe, expect, test } from 'vitest'
import { hookSecretProblem, signHook, verifyHook } from './signature.js'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const other = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'
const time = 1_614_265_330
const sentAt = new Date(time * 1_000)
const body = '{"test": 2432232314}'
const now = () => sentAt

const signed = (secrets: readonly string[] = [secret], text = body) =>
  signHook(secrets, 'done:7', sentAt, text)

test('a message is signed as in the example of the specification', async () => {
  expect(await signHook([secret], 'msg_p5jXN8AQM9LWM0D4loKWxJek', sentAt, body)).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

describe('a receiver', () => {
  test('has id, time and message, from headers in any form', async () => {
    const headers = await signed()
    const expected = { id: 'done:7', sentAt, message: { test: 2_432_232_314 } }
    expect(await verifyHook({ secret, headers, body, now })).toEqual(expected)
    expect(await verifyHook({ secret, headers: new Headers(headers), body, now })).toEqual(expected)
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    )
    expect(await verifyHook({ secret, headers: upper, body: new TextEncoder().encode(body), now })).toEqual(
      expected,
    )
  })

  test('and sender change their secrets one after the other', async () => {
    const headers = await signed([other, secret])
    for (const mine of [secret, other, [other, secret]]) {
      await expect(verifyHook({ secret: mine, headers, body, now })).resolves.toMatchObject({ id: 'done:7' })
    }
    await expect(verifyHook({ secret, headers: await signed([other]), body, now })).rejects.toThrow(
      'no signature',
    )
  })

  test.each<[string, Partial<Record<string, string>>, string, string]>([
    ['with another body', {}, '{"test": 2432232315}', 'no signature'],
    ['with a byte more', {}, `${body} `, 'no signature'],
    ['under another id', { 'webhook-id': 'done:8' }, body, 'no signature'],
    ['at another time', { 'webhook-timestamp': String(time + 1) }, body, 'no signature'],
    [
      'whose time is moved into the id',
      { 'webhook-id': `done:7.${time}`, 'webhook-timestamp': '0' },
      body,
      'too long ago',
    ],
    ['of no signature', { 'webhook-signature': 'v1,' }, body, 'no signature'],
    [
      'of another version',
      { 'webhook-signature': 'v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' },
      body,
      'no signature',
    ],
    ['of half a signature', { 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKg==' }, body, 'no signature'],
    ['of no base64', { 'webhook-signature': 'v1,\u00e4\u00f6' }, body, 'no signature'],
    ['without its time', { 'webhook-timestamp': '' }, body, 'webhook-timestamp is missing'],
    ['of no time', { 'webhook-timestamp': 'NaN' }, body, 'not a Unix time'],
    ['of a time as text', { 'webhook-timestamp': `${time}.5` }, body, 'not a Unix time'],
  ])('does not believe a message %s', async (_, changes, text, words) => {
    const headers = { ...(await signed()), ...changes }
    await expect(verifyHook({ secret, headers, body: text, now })).rejects.toThrow(words)
  })

  test('does not believe what is sent again later, nor what is from the future', async () => {
    const headers = await signed()
    const at = (seconds: number) =>
      verifyHook({ secret, headers, body, now: () => new Date((time + seconds) * 1_000) })
    await expect(at(300)).resolves.toMatchObject({ id: 'done:7' })
    await expect(at(301)).rejects.toThrow('too long ago')
    await expect(at(-300)).resolves.toMatchObject({ id: 'done:7' })
    await expect(at(-301)).rejects.toThrow('future')
  })

  test('looks at a few signatures and no more', async () => {
    const { 'webhook-signature': right, ...headers } = await signed()
    const wrong = Array.from({ length: 10 }, () => right.replace('g', 'h').replace('v1,', 'v1,A'))
    const many = { ...headers, 'webhook-signature': [...wrong, right].join(' ') }
    await expect(verifyHook({ secret, headers: many, body, now })).rejects.toThrow('no signature')
  })

  test('is told of a body that is no JSON', async () => {
    const headers = await signed([secret], 'text')
    await expect(verifyHook({ secret, headers, body: 'text', now })).rejects.toThrow('not JSON')
  })
})

test('a secret is 24 to 64 bytes, and is never repeated', async () => {
  const of = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`
  expect([24, 64].map((bytes) => hookSecretProblem(of(bytes)))).toEqual([null, null])
  for (const wrong of [
    of(23),
    of(65),
    'whsec_',
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'whsec_not base64 at all, but long',
  ]) {
    const problem = hookSecretProblem(wrong) ?? ''
    expect(problem).toContain('24 to 64 bytes')
    expect(problem).not.toContain(wrong.replace('whsec_', '') || 'nothing')
    await expect(verifyHook({ secret: wrong, headers: await signed(), body, now })).rejects.toThrow(TypeError)
  }
})
