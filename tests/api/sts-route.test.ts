import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nodeClient } from '../official-sdk/support/node-client.js'
import { MiB, sampleBytes } from '../official-sdk/support/sample.js'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'
import { Caller } from './support/caller.js'

/** Response format expected by apps that use Tencent's SDK. */
interface StsAnswer {
  readonly credentials: { tmpSecretId: string; tmpSecretKey: string; sessionToken: string }
  readonly startTime: number
  readonly expiredTime: number
  readonly bucket: string
  readonly region: string
  readonly prefix: string
}

let api: ApiUnderTest
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryon-sts-'))
})
afterEach(async () => {
  await api.close()
  await rm(folder, { recursive: true })
})

/** The official SDK, configured with what `/sts` gives a browser. */
function sdkOf({ credentials, bucket, region }: StsAnswer) {
  const { tmpSecretId: SecretId, tmpSecretKey: SecretKey, sessionToken: SecurityToken } = credentials
  const cos = nodeClient({ address: `127.0.0.1:${api.local.port}` }, { SecretId, SecretKey, SecurityToken })
  return { cos, at: (Key: string) => ({ Bucket: bucket, Region: region, Key }) }
}

const denied = { statusCode: 403 }

describe('GET /sts', () => {
  test('own: the SDK uploads and reads under the prefix of its owner, and nothing else', async () => {
    api = await startApi({ stsAllowPrefix: 'own' })
    const caller = new Caller(api)
    const { status, body, headers } = await caller.get<StsAnswer>('/sts')
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({ bucket: 'carryon-1250000000', region: 'ap-guangzhou' })
    expect(body.prefix).toMatch(/^uploads\/own\/[0-9a-f]{32}\/$/u)
    expect(body.expiredTime - body.startTime).toBe(1_800)

    const { cos, at } = sdkOf(body)
    const small = sampleBytes(1_000, 'sts small')
    const large = sampleBytes(3 * MiB + 5, 'sts large')
    for (const [name, Body] of [
      ['small.bin', small],
      ['large.bin', large],
    ] as const) {
      const Key = body.prefix + name
      const FilePath = join(folder, name)
      await writeFile(FilePath, Body)
      await cos.uploadFile({ ...at(Key), FilePath, SliceSize: MiB, ChunkSize: MiB })
      const got = await cos.getObject(at(Key))
      expect(got.Body.equals(Body)).toBe(true)
    }

    await api.store.putObject('uploads/secret.bin', small)
    const elsewhere = ['uploads/secret.bin', 'uploads/own/other/a.bin', `${body.prefix.slice(0, -1)}x/a.bin`]
    for (const Key of elsewhere) {
      await expect(cos.getObject(at(Key)), Key).rejects.toMatchObject(denied)
      await expect(cos.putObject({ ...at(Key), Body: small }), Key).rejects.toMatchObject(denied)
      await expect(cos.multipartInit(at(Key)), Key).rejects.toMatchObject(denied)
      const listing = { ...at(Key), Prefix: Key, Delimiter: '' }
      await expect(cos.multipartList(listing), Key).rejects.toMatchObject(denied)
    }
    await expect(cos.multipartList({ ...at(''), Prefix: '', Delimiter: '' })).rejects.toMatchObject(denied)
    await expect(cos.getBucket(at(''))).rejects.toMatchObject(denied)
    await expect(cos.deleteObject(at(`${body.prefix}small.bin`))).rejects.toMatchObject(denied)
  })

  test('own: each owner has a prefix of its own, the same each time', async () => {
    api = await startApi({ stsAllowPrefix: 'own' })
    const anna = new Caller(api)
    const first = await anna.get<StsAnswer>('/sts')
    expect((await anna.get<StsAnswer>('/sts')).body).toEqual(first.body)
    expect((await new Caller(api).get<StsAnswer>('/sts')).body.prefix).not.toBe(first.body.prefix)
  })

  test('a prefix and the whole bucket, the latter with a warning', async () => {
    api = await startApi({ stsAllowPrefix: 'shared/' })
    expect((await new Caller(api).get<StsAnswer>('/sts')).body.prefix).toBe('shared/')
    await api.close()
    api = await startApi({ stsAllowPrefix: '*' })
    const { body } = await new Caller(api).get<StsAnswer>('/sts')
    expect(body.prefix).toBe('')
    const { cos, at } = sdkOf(body)
    await cos.putObject({ ...at('anywhere.bin'), Body: Buffer.from('x') })
    expect(api.log).toContainEqual(expect.objectContaining({ severity: 'warn', event: 'notice' }))
  })

  test('is off by default, and closed to foreign pages', async () => {
    api = await startApi()
    expect((await new Caller(api).get('/sts')).status).toBe(404)
    await api.close()
    api = await startApi({ stsAllowPrefix: 'own', allowedOrigins: ['https://app.example.com'] })
    const ask = (origin: string) => new Caller(api).send('/sts', { headers: { origin } })
    expect((await ask('https://evil.example.com')).status).toBe(403)
    const { status, headers } = await ask('https://app.example.com')
    expect(status).toBe(200)
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com')
  })
})
