import { describe, expect, it } from 'vitest'
import type { Reply, TestClient } from '../testing/client.js'
import { bucket, startTestStore } from '../testing/store.js'

const host = `${bucket}.cos-website.ap-guangzhou.localhost:3001`
const index = '<IndexDocument><Suffix>index.html</Suffix></IndexDocument>'

async function givenWebsite(
  more = '',
  objects: Readonly<Record<string, string>> = {},
  acl = 'public-read',
): Promise<TestClient> {
  const { client } = await startTestStore()
  const body = `<WebsiteConfiguration>${index}${more}</WebsiteConfiguration>`
  const put = await client.call({ method: 'PUT', path: `/${bucket}`, query: { website: '' }, body })
  expect(put.status).toBe(200)
  for (const [key, content] of Object.entries(objects)) {
    const headers = { 'x-cos-acl': acl }
    await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: content, headers })
  }
  return client
}

async function visit(client: TestClient, path: string, more: object = {}): Promise<Reply> {
  return client.call({ method: 'GET', path, host, credentials: false, ...more })
}

const rule = (condition: string, redirect: string): string =>
  `<RoutingRules><RoutingRule><Condition>${condition}</Condition><Redirect>${redirect}</Redirect></RoutingRule></RoutingRules>`

describe('a website', () => {
  it('shows the index document of a folder, and other objects as they are', async () => {
    const client = await givenWebsite('', {
      'index.html': 'home',
      'docs/index.html': 'docs',
      'a b/ü.txt': 'text',
    })
    const home = await visit(client, '/')
    expect([home.status, home.text, home.headers['content-type']]).toEqual([200, 'home', 'text/html'])
    // A website has its own host, so its scripts may run.
    expect(home.headers['content-security-policy']).toBeUndefined()
    expect(home.headers['x-content-type-options']).toBe('nosniff')
    expect((await visit(client, '/docs/')).text).toBe('docs')
    expect((await visit(client, '/a b/ü.txt')).text).toBe('text')
    const folder = await visit(client, '/docs')
    expect([folder.status, folder.headers['location']]).toEqual([302, `http://${host}/docs/`])
    const range = await visit(client, '/', { headers: { range: 'bytes=1-2' } })
    expect([range.status, range.text]).toEqual([206, 'om'])
    const head = await visit(client, '/', { method: 'HEAD' })
    expect([head.status, head.headers['content-length'], head.text]).toEqual([200, '4', ''])
  })

  it('has no sub-resources: a query says nothing', async () => {
    const client = await givenWebsite('', { 'index.html': 'home' })
    for (const query of [
      { v: '1' },
      { uploads: '' },
      { acl: '' },
      { 'response-content-type': 'text/plain' },
    ]) {
      const reply = await visit(client, '/', { query })
      expect([reply.text, reply.headers['content-type']]).toEqual(['home', 'text/html'])
    }
  })

  it('is only read', async () => {
    const client = await givenWebsite('', { 'index.html': 'home' }, 'public-read')
    await client.call({
      method: 'PUT',
      path: `/${bucket}`,
      query: { acl: '' },
      headers: { 'x-cos-acl': 'public-read-write' },
    })
    for (const method of ['PUT', 'POST', 'DELETE', 'PATCH']) {
      const reply = await visit(client, '/index.html', { method, body: 'x' })
      expect([method, reply.status, reply.code]).toEqual([method, 405, 'MethodNotAllowed'])
    }
    expect((await visit(client, '/')).text).toBe('home')
  })

  it('shows what anyone may read, whoever asks', async () => {
    const client = await givenWebsite('', { 'index.html': 'secret' }, 'private')
    const denied = await visit(client, '/')
    expect([denied.status, denied.code]).toEqual([403, 'AccessDenied'])
    expect((await client.call({ method: 'GET', path: '/', host })).code).toBe('AccessDenied')
    expect((await visit(client, '/none')).code).toBe('AccessDenied')
    await client.call({
      method: 'PUT',
      path: `/${bucket}`,
      query: { policy: '' },
      body: JSON.stringify({
        version: '2.0',
        Statement: [{ Principal: '*', Effect: 'allow', Action: 'name/cos:GetObject', Resource: '*' }],
      }),
    })
    expect((await visit(client, '/')).text).toBe('secret')
    const referer =
      '<RefererConfiguration><Status>Enabled</Status><RefererType>Black-List</RefererType><DomainList><Domain>evil.example</Domain></DomainList><EmptyReferConfiguration>Allow</EmptyReferConfiguration></RefererConfiguration>'
    await client.call({ method: 'PUT', path: `/${bucket}`, query: { referer: '' }, body: referer })
    expect((await visit(client, '/', { headers: { referer: 'http://evil.example/' } })).status).toBe(403)
  })

  it('follows a symlink to what anyone may read', async () => {
    const client = await givenWebsite('', { 'page.html': 'page' })
    const link = async (key: string, target: string) =>
      client.call({
        method: 'PUT',
        path: `/${bucket}/${key}`,
        query: { symlink: '' },
        headers: { 'x-cos-symlink-target': target, 'x-cos-acl': 'public-read' },
      })
    await link('link', 'page.html')
    await client.call({ method: 'PUT', path: `/${bucket}/secret`, body: 'secret' })
    await link('leak', 'secret')
    expect((await visit(client, '/link')).text).toBe('page')
    expect((await visit(client, '/leak')).code).toBe('AccessDenied')
  })

  it('shows its error document with the status of the error, or with 200', async () => {
    const document = '<ErrorDocument><Key>error.html</Key></ErrorDocument>'
    const objects = { 'error.html': 'sorry' }
    const open = {
      method: 'PUT',
      path: `/${bucket}`,
      query: { acl: '' },
      headers: { 'x-cos-acl': 'public-read' },
    }
    for (const [more, status] of [
      [document, 404],
      [document.replace('</E', '<OriginalHttpStatus>Enabled</OriginalHttpStatus></E'), 404],
      [document.replace('</E', '<OriginalHttpStatus>Disabled</OriginalHttpStatus></E'), 200],
    ] as const) {
      const client = await givenWebsite(more, objects)
      await client.call(open)
      const headers = { range: 'bytes=0-1', 'if-none-match': '*' }
      const reply = await visit(client, '/none', { headers })
      expect([reply.status, reply.text, reply.headers['content-type']]).toEqual([
        status,
        'sorry',
        'text/html',
      ])
      const head = await visit(client, '/none', { method: 'HEAD' })
      expect([head.status, head.headers['content-length']]).toEqual([status, '5'])
    }
    const without = await givenWebsite(document)
    await without.call(open)
    expect((await visit(without, '/none')).code).toBe('NoSuchKey')
  })

  it('finds pages without their extension where it is to', async () => {
    const auto = '<AutoAddressing><Status>Enabled</Status></AutoAddressing>'
    const pages = { 'about.html': 'about' }
    const open = {
      method: 'PUT',
      path: `/${bucket}`,
      query: { acl: '' },
      headers: { 'x-cos-acl': 'public-read' },
    }
    const client = await givenWebsite(auto, pages)
    await client.call(open)
    expect((await visit(client, '/about')).text).toBe('about')
    const plain = await givenWebsite(auto.replace('Enabled', 'Disabled'), pages)
    await plain.call(open)
    expect((await visit(plain, '/about')).status).toBe(404)
  })
})

describe('the rules of a website', () => {
  const open = {
    method: 'PUT',
    path: `/${bucket}`,
    query: { acl: '' },
    headers: { 'x-cos-acl': 'public-read' },
  }

  it('redirect a prefix to another', async () => {
    const more = rule(
      '<KeyPrefixEquals>old/</KeyPrefixEquals>',
      '<Protocol>https</Protocol><ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith>',
    )
    const client = await givenWebsite(more, { 'old/a': 'old' })
    const reply = await visit(client, '/old/a b')
    expect([reply.status, reply.headers['location']]).toEqual([302, `https://${host}/new/a%20b`])
  })

  it('answer another object without telling where URLRedirect is off', async () => {
    const more = rule(
      '<KeyPrefixEquals>app/</KeyPrefixEquals>',
      '<ReplaceKeyWith>app.html</ReplaceKeyWith><URLRedirect>Disabled</URLRedirect>',
    )
    const client = await givenWebsite(more, { 'app.html': 'app' })
    const reply = await visit(client, '/app/users/7')
    expect([reply.status, reply.text]).toEqual([200, 'app'])
  })

  it('redirect an error, never to itself', async () => {
    const more = rule(
      '<HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals>',
      '<ReplaceKeyWith>404.html</ReplaceKeyWith>',
    )
    const client = await givenWebsite(more)
    expect((await visit(client, '/none')).status).toBe(403)
    await client.call(open)
    const reply = await visit(client, '/none')
    expect([reply.status, reply.headers['location']]).toEqual([302, `http://${host}/404.html`])
    expect((await visit(client, '/404.html')).code).toBe('NoSuchKey')
  })

  it('redirect everything to another protocol', async () => {
    const all = '<RedirectAllRequestsTo><Protocol>https</Protocol></RedirectAllRequestsTo>'
    const client = await givenWebsite(all, { 'index.html': 'home' })
    const reply = await visit(client, '/a/b')
    expect([reply.status, reply.headers['location']]).toEqual([302, `https://${host}/a/b`])
    const http = await givenWebsite(all.replace('https', 'http'), { 'index.html': 'home' })
    expect((await visit(http, '/')).text).toBe('home')
  })

  it.each([
    ['<Extra/>', 'may not have a Extra'],
    [rule('', '<ReplaceKeyWith>a</ReplaceKeyWith>'), 'needs one Condition'],
    [rule('<KeyPrefixEquals>a</KeyPrefixEquals>', ''), 'one of ReplaceKeyWith'],
    [
      rule(
        '<HttpErrorCodeReturnedEquals>500</HttpErrorCodeReturnedEquals>',
        '<ReplaceKeyWith>a</ReplaceKeyWith>',
      ),
      '400 to 499',
    ],
    [
      rule('<KeyPrefixEquals>a</KeyPrefixEquals>', '<ReplaceKeyWith>a</ReplaceKeyWith>').replace(
        /<RoutingRule>.*<\/RoutingRule>/,
        (text) => text.repeat(101),
      ),
      'at most 100',
    ],
  ])('%s are refused', async (more, why) => {
    const { client } = await startTestStore()
    const body = `<WebsiteConfiguration>${index}${more}</WebsiteConfiguration>`
    const reply = await client.call({ method: 'PUT', path: `/${bucket}`, query: { website: '' }, body })
    expect([reply.code, reply.text.includes(why)]).toEqual(['MalformedXML', true])
  })
})

it('a host of a website without one, of another bucket or region, or of the store itself shows nothing', async () => {
  const { client } = await startTestStore({ page: true })
  const of = async (name: string, path = '/') =>
    (await client.call({ method: 'GET', path, host: name, credentials: false })).code
  expect(await of(host)).toBe('NoSuchWebsiteConfiguration')
  expect(await of(host.replace('carryon', 'none'))).toBe('NoSuchBucket')
  expect(await of(host.replace('guangzhou', 'beijing'))).toBe('NoSuchBucket')
  expect(await of(host, '/_local')).toBe('NoSuchWebsiteConfiguration')
})
