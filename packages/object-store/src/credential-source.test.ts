import { describe, expect, it } from 'vitest'
import { CredentialSource } from './credential-source.js'
import type { TimedCredentials } from './credential-source.js'

function numbered(lifetime: number | undefined) {
  let asked = 0
  const source = new CredentialSource(async (): Promise<TimedCredentials> => {
    asked += 1
    return {
      accessKeyId: `AKID${asked}`,
      secretAccessKey: 's',
      ...(lifetime === undefined ? {} : { expiresAt: asked * lifetime }),
    }
  })
  return { source, idAt: async (now: number) => (await source.get(now)).accessKeyId }
}

describe('CredentialSource', () => {
  it('gives fixed credentials for ever', async () => {
    const source = new CredentialSource({ accessKeyId: 'AKID', secretAccessKey: 's' })
    expect(source.renewable).toBe(false)
    expect(await source.get(1e12)).toBe(await source.get(0))
    expect(await source.get(0)).toMatchObject({ accessKeyId: 'AKID' })
  })

  it('keeps credentials until a minute before their end', async () => {
    const { source, idAt } = numbered(1800)
    expect(source.renewable).toBe(true)
    expect(await idAt(0)).toBe('AKID1')
    expect(await idAt(1739)).toBe('AKID1')
    expect(await idAt(1740)).toBe('AKID2')
  })

  it('asks once for all who wait', async () => {
    const { idAt } = numbered(1800)
    expect(await Promise.all([idAt(0), idAt(0), idAt(0)])).toEqual(['AKID1', 'AKID1', 'AKID1'])
  })

  it('asks each time when there is no expiry', async () => {
    const { idAt } = numbered(undefined)
    expect([await idAt(0), await idAt(0)]).toEqual(['AKID1', 'AKID2'])
  })

  it('asks again after what it held was refused', async () => {
    const { source, idAt } = numbered(1800)
    await idAt(0)
    source.drop()
    expect(await idAt(0)).toBe('AKID2')
  })

  it('does not keep a failure', async () => {
    const results = [Promise.reject(new Error('STS is away')), { accessKeyId: 'AKID', secretAccessKey: 's' }]
    const source = new CredentialSource(async () => (await results.shift()) ?? expect.fail())
    await expect(source.get(0)).rejects.toThrow('STS is away')
    expect(await source.get(0)).toMatchObject({ accessKeyId: 'AKID' })
  })
})
