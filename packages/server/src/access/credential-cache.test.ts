import { beforeEach, describe, expect, test } from 'vitest'
import type { IssuedCredentials } from '../sts/sts-issuer.js'
import { CredentialCache } from './credential-cache.js'

let time = 0
let issued = 0
const issue = async (): Promise<IssuedCredentials> => {
  issued += 1
  const credentials = { accessKeyId: String(issued), secretAccessKey: 's', sessionToken: 't' }
  return { credentials, startsAt: 0, expiresAt: 1_800 }
}
beforeEach(() => {
  time = 0
  issued = 0
})

describe('CredentialCache', () => {
  test('asks once for calls at once and until half of the life is over', async () => {
    const cache = new CredentialCache(10, () => time)
    await Promise.all(Array.from({ length: 5 }, () => cache.get('a', 1_800, issue)))
    time = 899_999
    await cache.get('a', 1_800, issue)
    expect(issued).toBe(1)
    time = 900_000
    await cache.get('a', 1_800, issue)
    expect(issued).toBe(2)
  })

  test('does not keep a failure', async () => {
    const cache = new CredentialCache(10, () => time)
    await expect(cache.get('a', 1_800, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect((await cache.get('a', 1_800, issue)).credentials.accessKeyId).toBe('1')
  })

  test('forgets the oldest beyond its capacity, and what it is told to', async () => {
    const cache = new CredentialCache(2, () => time)
    for (const key of ['a', 'b', 'c', 'b']) await cache.get(key, 1_800, issue)
    expect(issued).toBe(3)
    await cache.get('a', 1_800, issue)
    expect(issued).toBe(4)
    cache.forget('a')
    await cache.get('a', 1_800, issue)
    expect(issued).toBe(5)
  })
})
