import { describe, expect, it } from 'vitest'
import { bucket, credentials, startTestStore } from '../testing/store.js'
import { temporaryCredentials } from '../testing/sts.js'

const path = `/${bucket}`

const website =
  '<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument>' +
  '<ErrorDocument><Key>error.html</Key></ErrorDocument><RoutingRules><RoutingRule>' +
  '<Condition><HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals></Condition>' +
  '<Redirect><Protocol>https</Protocol><ReplaceKeyWith>404.html</ReplaceKeyWith><URLRedirect>Disabled</URLRedirect></Redirect>' +
  '</RoutingRule></RoutingRules></WebsiteConfiguration>'
const origin =
  '<OriginConfiguration><OriginRule><RulePriority>1</RulePriority><OriginType>Mirror</OriginType>' +
  '<OriginCondition><HTTPStatusCode>404</HTTPStatusCode></OriginCondition>' +
  '<OriginInfo><HostInfo><HostName>example.com</HostName></HostInfo></OriginInfo></OriginRule></OriginConfiguration>'

describe.each([
  ['website', website, 'NoSuchWebsiteConfiguration'],
  ['origin', origin, 'OriginConfigurationNotFoundError'],
])('the configuration of %s', (name, xml, missing) => {
  const query = { [name]: '' }

  it('is put, given back, also after a restart, and deleted; the bucket stays', async () => {
    const { client, store, directory } = await startTestStore()
    expect((await client.call({ method: 'GET', path, query })).code).toBe(missing)
    const put = await client.call({ method: 'PUT', path, query, body: xml })
    expect([put.status, put.text]).toEqual([200, ''])
    expect((await client.call({ method: 'GET', path, query })).text).toBe(xml)
    await store.close()
    const again = await startTestStore({ directory })
    expect((await again.client.call({ method: 'GET', path, query })).text).toBe(xml)
    for (let time = 0; time < 2; time++) {
      expect((await again.client.call({ method: 'DELETE', path, query })).status).toBe(204)
    }
    const gone = await again.client.call({ method: 'GET', path, query })
    expect([gone.status, gone.code]).toEqual([404, missing])
    expect((await again.client.call({ method: 'HEAD', path })).status).toBe(200)
  })

  it.each(['', '<Other/>', xml.slice(0, -3), xml.replace('index.html', '').replace('Mirror', 'Magic'), 'x'])(
    'is not changed by %j',
    async (body) => {
      const { client } = await startTestStore()
      await client.call({ method: 'PUT', path, query, body: xml })
      expect((await client.call({ method: 'PUT', path, query, body })).code).toBe('MalformedXML')
      expect((await client.call({ method: 'GET', path, query })).text).toBe(xml)
    },
  )

  it('is refused when it is too large, without a signature, and where a policy does not name it', async () => {
    const { client, store } = await startTestStore()
    const large = `${xml}<!--${'x'.repeat(65_536)}-->`
    expect((await client.call({ method: 'PUT', path, query, body: large })).code).toBe('XMLSizeLimit')
    expect((await client.call({ method: 'GET', path, query, credentials: false })).code).toBe('AccessDenied')
    const reader = await temporaryCredentials(store.url, credentials, {
      effect: 'allow',
      action: ['name/cos:GetBucket'],
      resource: ['*'],
    })
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect((await client.call({ method, path, query, credentials: reader })).code).toBe('AccessDenied')
    }
    expect((await client.call({ method: 'PUT', path: '/new-1250000000', query, body: xml })).code).toBe(
      'NoSuchBucket',
    )
  })
})

it('gives each rule of a website the URLRedirect that was left out, and nothing else', async () => {
  const { client } = await startTestStore()
  const query = { website: '' }
  const rule = (redirect: string): string =>
    `<RoutingRule><Condition><KeyPrefixEquals>a&amp;b/</KeyPrefixEquals></Condition><Redirect>${redirect}</Redirect></RoutingRule>`
  const withRules = (...rules: readonly string[]): string =>
    `<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument><RoutingRules>${rules.join('')}</RoutingRules></WebsiteConfiguration>`
  const told = '<ReplaceKeyWith>b</ReplaceKeyWith><URLRedirect>Disabled</URLRedirect>'
  const untold = '<ReplaceKeyPrefixWith>c/</ReplaceKeyPrefixWith>'
  await client.call({ method: 'PUT', path, query, body: withRules(rule(untold), rule(told)) })
  expect((await client.call({ method: 'GET', path, query })).text).toBe(
    withRules(rule(`${untold}<URLRedirect>Enabled</URLRedirect>`), rule(told)),
  )
})
