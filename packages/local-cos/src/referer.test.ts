import { describe, expect, it } from 'vitest'
import { CosError } from './errors.js'
import { checkReferer } from './referer.js'
import { bucket, startTestStore } from './testing/store.js'

function configuration(type: string, domains: readonly string[], empty = 'Deny', status = 'Enabled'): string {
  const list = domains.map((domain) => `<Domain>${domain}</Domain>`).join('')
  return `<RefererConfiguration><Status>${status}</Status><RefererType>${type}</RefererType><DomainList>${list}</DomainList><EmptyReferConfiguration>${empty}</EmptyReferConfiguration></RefererConfiguration>`
}

function isAllowed(xml: string | undefined, referer: string | undefined): boolean {
  try {
    checkReferer(xml, referer)
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(CosError)
    return false
  }
}

describe('a list of referers', () => {
  it.each([
    ['www.qq.com', 'http://www.qq.com/a', true],
    ['www.qq.com', 'https://WWW.QQ.COM:8080/', true],
    ['www.qq.com', 'http://www.qq.com.evil.example/', false],
    ['www.qq.com', 'http://evil.example/www.qq.com', false],
    ['www.qq.com', 'http://www.qq.com@evil.example/', false],
    ['www.qq.com', 'http://qq.com/', false],
    ['*.qq.com', 'http://a.b.qq.com/x', true],
    ['*.qq.com', 'http://evilqq.com/x', false],
    ['www.qq.com/example', 'http://www.qq.com/example/1', true],
    ['www.qq.com/example', 'http://www.qq.com/other', false],
    ['192.168.1.2:8080', 'http://192.168.1.2:8080/a', true],
    ['192.168.1.2:8080', 'http://192.168.1.2/a', false],
    ['http://www.qq.com', 'https://www.qq.com/a', true],
  ])('of %s and the referer %s: %s', (domain, referer, fits) => {
    expect(isAllowed(configuration('White-List', ['other.example', domain]), referer)).toBe(fits)
    expect(isAllowed(configuration('Black-List', ['other.example', domain]), referer)).toBe(!fits)
  })

  it('says apart whether none is allowed', () => {
    for (const type of ['White-List', 'Black-List']) {
      expect(isAllowed(configuration(type, ['a.b'], 'Allow'), undefined)).toBe(true)
      expect(isAllowed(configuration(type, ['a.b'], 'Deny'), undefined)).toBe(false)
      const untold = configuration(type, ['a.b']).replace(/<EmptyRefer.*n>(?=<\/Ref)/, '')
      expect(isAllowed(untold, '')).toBe(false)
    }
  })

  it('has no effect when it is switched off or empty', () => {
    for (const xml of [
      configuration('White-List', ['a.b'], 'Deny', 'Disabled'),
      '<RefererConfiguration/>',
      undefined,
    ])
      expect(isAllowed(xml, 'http://evil.example/')).toBe(true)
  })
})

it('unsigned reads are held to it, signed ones and others are not', async () => {
  const { client } = await startTestStore()
  const path = `/${bucket}/a`
  await client.call({ method: 'PUT', path, body: 'x', headers: { 'x-cos-acl': 'public-read' } })
  const body = configuration('White-List', ['good.example'])
  await client.call({ method: 'PUT', path: `/${bucket}`, query: { referer: '' }, body })
  const read = async (method: string, referer: string, signed = false) =>
    client.call({ method, path, headers: { referer }, ...(signed ? {} : { credentials: false as const }) })
  expect((await read('GET', 'http://good.example/')).text).toBe('x')
  const denied = await read('GET', 'http://evil.example/')
  expect([denied.status, denied.code]).toEqual([403, 'AccessDenied'])
  expect(denied.text).toContain('You are denied by bucket referer rule')
  expect((await read('HEAD', 'http://evil.example/')).status).toBe(403)
  expect((await read('GET', 'http://evil.example/', true)).text).toBe('x')
})
