import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalCos, startLocalCos } from '@carryon/local-cos'
import { createServer, openDatabase } from '@carryon/server'
import { createAdaptorServer } from '@hono/node-server'
import { sts } from 'tencentcloud-sdk-nodejs-sts'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { bucketCommand } from '../../apps/carryon/src/bucket-command.js'
import { readConfig } from '../../apps/carryon/src/config.js'
import { reachStorage } from '../../apps/carryon/src/open-storage.js'
import { secrets } from './support/api-under-test.js'
import { Caller } from './support/caller.js'
import { startConfigured } from './support/configured-api.js'
import { SampleFile } from './support/sample-file.js'

const file = new SampleFile('addresses', { size: 900_000 })
const small = new SampleFile('small', { size: 1_000 })
let folder: string
let local: LocalCos
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryon-addresses-'))
  local = await startLocalCos({ directory: join(folder, 'objects'), ...secrets, faults: true, journal: true })
})
afterEach(async () => {
  await local.close()
  await rm(folder, { recursive: true })
})

const portOf = (url: string) => new URL(url).port
/** One store with an internal and an external address: a signature for one is refused at the other. */
const browserOrigin = () => `http://localhost:${portOf(local.url)}`

const cos = () => ({
  STORE: 'cos',
  COS_SECRET_ID: secrets.secretId,
  COS_SECRET_KEY: secrets.secretKey,
  COS_BUCKET: local.bucket,
  COS_REGION: local.region,
  COS_ENDPOINT: local.url,
  STS_ENDPOINT: local.url,
  DATA_DIR: folder,
})
const s3 = () => ({
  STORE: 's3',
  S3_ACCESS_KEY_ID: secrets.secretId,
  S3_SECRET_ACCESS_KEY: secrets.secretKey,
  S3_BUCKET: local.bucket,
  S3_REGION: local.region,
  S3_ENDPOINT: local.url,
  S3_FORCE_PATH_STYLE: '1',
  DATA_DIR: folder,
})

async function start(environment: Readonly<Record<string, string>>) {
  const api = await startConfigured(environment)
  onTestFinished(() => api.close())
  return { ...api, caller: new Caller(api) }
}

describe.each([
  ['cos', () => ({ ...cos(), COS_BROWSER_ENDPOINT: browserOrigin() }), 'credentials'],
  ['s3', () => ({ ...s3(), S3_BROWSER_ENDPOINT: browserOrigin() }), 'urls'],
])('a store of the kind %s with another address for browsers', (_, environment, mode) => {
  test('has parts, small files and links signed for that address, and its own calls for the other', async () => {
    const { caller, storage } = await start(environment())
    const opened = (await caller.open(file.request)).body
    expect(opened.access.mode).toBe(mode)
    const shown = JSON.stringify(opened.access)
    expect(shown).toContain(browserOrigin())
    expect(shown).not.toContain(local.url)
    await file.send(opened)
    const completed = await caller.complete(opened.upload.id, await file.completeRequest())
    expect(completed.status).toBe(200)

    const link = await caller.get(`/api/uploads/${opened.upload.id}/object`)
    const target = link.headers.get('location') ?? ''
    expect([link.status, new URL(target).origin]).toEqual([302, browserOrigin()])
    const object = await fetch(target)
    expect(Buffer.from(await object.arrayBuffer()).equals(file.content)).toBe(true)
    // A signature for one address is not valid at the other.
    expect((await fetch(target.replace(browserOrigin(), local.url))).status).toBe(403)

    const single = (await caller.open(small.singleRequest)).body
    expect(await small.put(single)).toMatchObject({
      status: 200,
      url: expect.stringContaining(browserOrigin()) as string,
    })
    expect(storage.near.location.baseUrl).toContain(local.url)
  })

  test('is checked at both by setup-bucket', async () => {
    const printed: string[] = []
    const config = readConfig({ ...environment(), ALLOWED_ORIGINS: 'https://app.example.com' })
    await bucketCommand(config, false, (line) => printed.push(line))
    const output = printed.join('\n')
    expect(output).toContain(`bucket ${local.url}`)
    expect(output).toContain(`browsers ${browserOrigin()} answers their preflights`)
  })
})

test('setup-bucket names a domain for browsers that does not lead to the bucket, and one that it cannot reach', async () => {
  const other = createHttpServer((_, response) => response.writeHead(200).end('a page')).listen(
    0,
    '127.0.0.1',
  )
  await once(other, 'listening')
  const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  const printedFor = async () => {
    const printed: string[] = []
    const environment = {
      ...cos(),
      COS_BROWSER_ENDPOINT: address,
      ALLOWED_ORIGINS: 'https://app.example.com',
    }
    await bucketCommand(readConfig(environment), false, (line) => printed.push(line))
    return printed.join('\n')
  }
  expect(await printedFor()).toContain(`problem  ${address} does not let https://app.example.com send PUT`)
  const closed = once(other, 'close')
  other.close()
  other.closeAllConnections()
  await closed
  expect(await printedFor()).toContain(`browsers ${address} cannot be reached from this machine`)
})

test('an S3 server without a key of its own signs with what the SDK finds on the machine', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', secrets.secretId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secrets.secretKey)
  onTestFinished(() => void vi.unstubAllEnvs())
  const { caller } = await start({ ...s3(), S3_ACCESS_KEY_ID: '', S3_SECRET_ACCESS_KEY: '' })
  const opened = (await caller.open(file.request)).body
  await file.send(opened)
  expect((await caller.complete(opened.upload.id, await file.completeRequest())).status).toBe(200)
})

describe('the role of a machine', () => {
  /** Temporary credentials from the store's own STS that allow everything in the bucket, as a machine role has them. */
  async function roleCredentials(lifetime: number) {
    const { host, protocol } = new URL(local.url)
    const client = new sts.v20180813.Client({
      credential: secrets,
      region: local.region,
      profile: { httpProfile: { endpoint: host, protocol: `${protocol}//` } },
    })
    const policy = {
      version: '2.0',
      statement: [{ effect: 'allow', action: ['name/cos:*'], resource: ['*'] }],
    }
    const { Credentials, ExpiredTime } = await client.GetFederationToken({
      Name: 'role',
      Policy: encodeURIComponent(JSON.stringify(policy)),
      DurationSeconds: lifetime,
    })
    return { ...Credentials, ExpiredTime, Code: 'Success' }
  }

  /** Answers like the metadata service of a CVM. */
  async function startMetadata(lifetime = 1_800) {
    const asked: string[] = []
    const server = createHttpServer((request, response) => {
      asked.push(request.url ?? '')
      if (request.url?.endsWith('/security-credentials/') === true) return void response.end('uploader')
      void roleCredentials(lifetime).then((answer) => response.end(JSON.stringify(answer)))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
  }

  const withRole = (metadataUrl: string) => {
    // An empty variable counts as unset.
    const keyless = { COS_SECRET_ID: '', COS_SECRET_KEY: '', STS_ENDPOINT: '' }
    return { ...cos(), ...keyless, COS_CVM_ROLE: 'auto', COS_METADATA_URL: metadataUrl }
  }

  test('lets a COS server without any key take uploads, by signed part URLs', async () => {
    const metadata = await startMetadata()
    const { caller } = await start(withRole(metadata.url))
    const opened = (await caller.open(file.request)).body
    expect(opened.access.mode).toBe('urls')
    await file.send(opened)
    expect((await caller.complete(opened.upload.id, await file.completeRequest())).status).toBe(200)
    const target = (await caller.get(`/api/uploads/${opened.upload.id}/object`)).headers.get('location') ?? ''
    expect(Buffer.from(await (await fetch(target)).arrayBuffer()).equals(file.content)).toBe(true)
    // Requested once per store client, not per call.
    expect(metadata.asked.filter((path) => path.endsWith('/uploader')).length).toBeLessThanOrEqual(3)
  })

  test('that ends soon has the grant of a browser end with it', async () => {
    const metadata = await startMetadata(600)
    const { caller } = await start(withRole(metadata.url))
    const { access, serverTime } = (await caller.open(file.request)).body
    expect(access.expiresAt - serverTime).toBeLessThanOrEqual(601)
  })

  test('that is not bound ends the start with what to do', async () => {
    const server = createHttpServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(start(withRole(url))).rejects.toThrow('Bind a CAM role to this machine')
  })
})

test('a further bucket that onOpen names is signed for and set up as the first one', async () => {
  const config = readConfig({
    ...cos(),
    COS_BUCKETS: `archive=${local.bucket}`,
    ALLOWED_ORIGINS: 'https://app.example.com',
  })
  const { buckets, store, sts } = await reachStorage(config)
  const archive = buckets['archive']?.store
  if (archive === undefined) throw new Error('the bucket is missing')
  const server = createServer({
    ...{ store, sts, buckets: { archive } },
    database: openDatabase({ file: join(folder, 'buckets.sqlite') }),
    authorize: () => ({ owner: 'anna' }),
    onOpen: () => ({ bucket: 'archive' }),
    sweepEvery: 0,
  })
  onTestFinished(() => server.close())
  await server.ready()
  const http = createAdaptorServer({ fetch: server.fetch }) as HttpServer
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => void http.close())
  const caller = new Caller({ url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` })
  const opened = (await caller.open(file.request)).body
  expect(opened.upload.key).toMatch(/^uploads\/~archive\//u)
  // With credentials for this key only.
  await file.send(opened)
  expect((await caller.complete(opened.upload.id, await file.completeRequest())).status).toBe(200)
  const target = (await caller.get(`/api/uploads/${opened.upload.id}/object`)).headers.get('location') ?? ''
  expect(Buffer.from(await (await fetch(target)).arrayBuffer()).equals(file.content)).toBe(true)

  const printed: string[] = []
  await bucketCommand(config, true, (line) => printed.push(line))
  expect(printed.filter((line) => line.startsWith('bucket '))).toHaveLength(2)
})
