import { describe, expect, it } from 'vitest'
import { keptConfiguration, keptNames, type KeptName } from '../kept-configurations.js'
import { bucket, credentials, startTestStore } from '../testing/store.js'
import { temporaryCredentials } from '../testing/sts.js'

const path = `/${bucket}`

const domains = '<Domain>*.qq.com</Domain><Domain>www.qcloud.com/a</Domain>'

/** A valid example of each, and elements that make it invalid if removed, doubled or changed. */
const examples: Readonly<Record<Exclude<KeptName, 'Website' | 'Origin'>, string>> = {
  Logging:
    '<BucketLoggingStatus><LoggingEnabled><TargetBucket>logs-1250000000</TargetBucket><TargetPrefix>a/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>',
  Accelerate: '<AccelerateConfiguration><Status>Suspended</Status><Type>COS</Type></AccelerateConfiguration>',
  Domain:
    '<DomainConfiguration><DomainRule><Status>ENABLED</Status><Name>www.example.com</Name><Type>REST</Type><ForcedReplacement>CNAME</ForcedReplacement></DomainRule></DomainConfiguration>',
  Encryption:
    '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>',
  Referer: `<RefererConfiguration><Status>Enabled</Status><RefererType>White-List</RefererType><DomainList>${domains}</DomainList><EmptyReferConfiguration>Allow</EmptyReferConfiguration></RefererConfiguration>`,
  Replication:
    '<ReplicationConfiguration><Role>qcs::cam::uin/1:uin/2</Role><Rule><ID>r</ID><Status>Enabled</Status><Prefix>a</Prefix><Destination><Bucket>qcs::cos:ap-beijing::other-1250000000</Bucket><StorageClass>Standard</StorageClass></Destination></Rule></ReplicationConfiguration>',
  IntelligentTiering:
    '<IntelligentTieringConfiguration><Status>Enabled</Status><Transition><Days>30</Days><RequestFrequent>1</RequestFrequent></Transition></IntelligentTieringConfiguration>',
  ObjectLockConfiguration:
    '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>',
}

const names = keptNames.filter((name) => name !== 'Website' && name !== 'Origin')

describe.each(names)('the configuration %s', (name) => {
  const { parameter, root, missing, mayBeDeleted, mayBeEmptied } = keptConfiguration(name)
  const xml = examples[name]
  const query = { [parameter]: '' }

  it('is given back as it was put, also after a restart, and is gone when it is deleted', async () => {
    const { client, store, directory } = await startTestStore()
    const none = await client.call({ method: 'GET', path, query })
    if (missing === null) expect([none.status, none.text]).toEqual([200, `<${root}></${root}>`])
    else expect([none.status, none.code]).toEqual([404, missing])
    expect((await client.call({ method: 'PUT', path, query, body: xml })).status).toBe(200)
    expect((await client.call({ method: 'GET', path, query })).text).toBe(xml)
    await store.close()
    const again = await startTestStore({ directory })
    expect((await again.client.call({ method: 'GET', path, query })).text).toBe(xml)
    const gone = await again.client.call({ method: 'DELETE', path, query })
    expect(gone.status).toBe(mayBeDeleted ? 204 : 501)
    const after = await again.client.call({ method: 'GET', path, query })
    expect(after.text === xml).toBe(!mayBeDeleted)
  })

  it('is not changed by what it may not be, and the refusal says why', async () => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path, query, body: xml })
    const unknown = xml.replace(`</${root}>`, `<Extra>1</Extra></${root}>`)
    const text = xml.replace(`<${root}>`, `<${root}>text`)
    const empty = mayBeEmptied === true ? [] : ['']
    for (const body of [...empty, 'x', '<Other/>', xml.slice(0, -2), unknown, text]) {
      const reply = await client.call({ method: 'PUT', path, query, body })
      expect([body, reply.status, reply.code]).toEqual([body, 400, 'MalformedXML'])
    }
    const refused = await client.call({ method: 'PUT', path, query, body: unknown })
    expect(refused.text).toContain(`${root} may not have a Extra`)
    const md5 = { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }
    expect((await client.call({ method: 'PUT', path, query, body: xml, headers: md5 })).code).toBe(
      'BadDigest',
    )
    expect((await client.call({ method: 'GET', path, query })).text).toBe(xml)
  })

  it('is for who may, of a bucket that is there', async () => {
    const { client, store } = await startTestStore()
    const call = { path, query, body: xml }
    expect((await client.call({ method: 'PUT', ...call, credentials: false })).code).toBe('AccessDenied')
    const reader = await temporaryCredentials(store.url, credentials, {
      effect: 'allow',
      action: [`name/cos:GetBucket${name}`],
      resource: ['*'],
    })
    expect((await client.call({ method: 'PUT', ...call, credentials: reader })).code).toBe('AccessDenied')
    await client.call({ method: 'PUT', ...call })
    expect((await client.call({ method: 'GET', path, query, credentials: reader })).text).toBe(xml)
    for (const method of ['GET', 'PUT']) {
      const body = method === 'PUT' ? xml : ''
      expect((await client.call({ method, path: '/none-1250000000', query, body })).code).toBe('NoSuchBucket')
    }
    const large = `${xml}<!--${'x'.repeat(65_536)}-->`
    expect((await client.call({ method: 'PUT', path, query, body: large })).code).toBe('XMLSizeLimit')
  })
})

const rule = '<DomainRule><Status>ENABLED</Status><Name>a.example.com</Name><Type>REST</Type></DomainRule>'
const of = (root: string, content: string): string => `<${root}>${content}</${root}>`

it.each([
  [
    'accelerate',
    '<AccelerateConfiguration><Status>On</Status></AccelerateConfiguration>',
    'Status must be one of Enabled, Suspended',
  ],
  ['accelerate', '<AccelerateConfiguration/>', 'needs a Status'],
  ['domain', of('DomainConfiguration', ''), 'needs a DomainRule'],
  ['domain', of('DomainConfiguration', rule.repeat(21)), 'at most 20'],
  ['domain', of('DomainConfiguration', rule.replace('a.example.com', 'a b')), 'Name must be a host name'],
  ['logging', of('BucketLoggingStatus', '<LoggingEnabled/>'), 'needs a TargetBucket'],
  ['referer', examples.Referer.replace('White-List', 'Grey-List'), 'RefererType'],
  ['referer', examples.Referer.replace(domains, ''), 'needs a Domain'],
  ['referer', examples.Referer.replace(domains, '<Domain>a</Domain>'.repeat(101)), 'at most 100'],
  ['replication', examples.Replication.replace('qcs::cos:ap-beijing::', ''), 'Bucket must be qcs::cos:'],
  ['replication', examples.Replication.replace('uin/1:uin/2', 'me'), 'Role must be'],
  ['intelligenttiering', examples.IntelligentTiering.replace('30', '31'), 'Days must be one of 30, 60, 90'],
  ['encryption', of('ServerSideEncryptionConfiguration', ''), 'needs a Rule'],
  ['encryption', of('ServerSideEncryptionConfiguration', '<Rule/>'), 'needs one'],
])('%s with %s is refused: %s', async (parameter, body, why) => {
  const { client } = await startTestStore()
  const reply = await client.call({ method: 'PUT', path, query: { [parameter]: '' }, body })
  expect([reply.code, reply.text.includes(why)]).toEqual(['MalformedXML', true])
})

it('what is valid and could not be carried out is refused', async () => {
  const { client } = await startTestStore()
  const lock = examples.ObjectLockConfiguration.replace(
    '</ObjectLockConfiguration>',
    '<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>',
  )
  for (const [parameter, body] of [
    ['object-lock', lock],
    ['encryption', examples.Encryption.replace('AES256', 'KMS')],
  ] as const) {
    const reply = await client.call({ method: 'PUT', path, query: { [parameter]: '' }, body })
    expect([reply.status, reply.code]).toEqual([501, 'NotImplemented'])
  }
})

it('referers are removed by nothing, as there is no DELETE', async () => {
  const { client } = await startTestStore()
  const query = { referer: '' }
  await client.call({ method: 'PUT', path, query, body: examples.Referer })
  expect((await client.call({ method: 'PUT', path, query, body: '' })).status).toBe(200)
  const after = await client.call({ method: 'GET', path, query })
  expect(after.text).toBe('<RefererConfiguration></RefererConfiguration>')
})

it('default encryption is told of what is stored from then on, and of nothing before', async () => {
  const { client } = await startTestStore()
  const put = async (key: string, headers: Record<string, string> = {}) =>
    client.call({ method: 'PUT', path: `${path}/${key}`, body: key, headers })
  const told = async (key: string): Promise<string | undefined> => {
    const { headers } = await client.call({ method: 'HEAD', path: `${path}/${key}` })
    return headers['x-cos-server-side-encryption']?.toString()
  }
  await put('before')
  const query = { encryption: '' }
  // The documents have another name for the same element.
  const body = examples.Encryption.replaceAll(
    'ApplyServerSideEncryptionByDefault',
    'ApplySideEncryptionConfiguration',
  )
  await client.call({ method: 'PUT', path, query, body })
  expect((await client.call({ method: 'GET', path, query })).text).toBe(examples.Encryption)
  expect((await put('after')).headers['x-cos-server-side-encryption']).toBe('AES256')
  const source = `${bucket}.cos.ap-guangzhou.myqcloud.com/before`
  await client.call({ method: 'PUT', path: `${path}/copy`, headers: { 'x-cos-copy-source': source } })
  const upload = await client.call({ method: 'POST', path: `${path}/parts`, query: { uploads: '' } })
  expect(upload.headers['x-cos-server-side-encryption']).toBe('AES256')
  await client.call({ method: 'DELETE', path, query })
  await put('last')
  expect(await Promise.all(['before', 'after', 'copy', 'last'].map(told))).toEqual([
    undefined,
    'AES256',
    'AES256',
    undefined,
  ])
})

it('a bucket with acceleration is called by its host, too', async () => {
  const { client } = await startTestStore()
  await client.call({ method: 'PUT', path: `${path}/a`, body: 'x' })
  const query = { accelerate: '' }
  const host = `${bucket}.cos.accelerate.myqcloud.com`
  const get = async () => client.call({ method: 'GET', path: '/a', host })
  const switched = async (status: string) =>
    client.call({
      method: 'PUT',
      path,
      query,
      body: `<AccelerateConfiguration><Status>${status}</Status></AccelerateConfiguration>`,
    })
  expect((await get()).code).toBe('BucketAccelerateNotEnabled')
  await switched('Enabled')
  expect((await get()).text).toBe('x')
  await switched('Suspended')
  expect((await get()).code).toBe('BucketAccelerateNotEnabled')
})
