import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startLocalCos } from '@carryon/local-cos'
import type { FaultRule, LocalCos } from '@carryon/local-cos'
import { cosLocation, createCosStore, probeForms } from '@carryon/object-store'
import type { ObjectStore, StoreOptions } from '@carryon/object-store'
import { bytes, crc64, storeContract, type ContractSubject } from '@carryon/testing/store-contract'
import { cosCredentialTime } from './cos-credential-time.js'

interface RunningCos extends ContractSubject {
  readonly server: LocalCos
}

async function startCos(): Promise<RunningCos> {
  const directory = await mkdtemp(join(tmpdir(), 'carryon-store-contract-'))
  const credentials = { accessKeyId: 'AKIDcontract', secretAccessKey: 'contract-secret' }
  const server = await startLocalCos({
    directory,
    secretId: credentials.accessKeyId,
    secretKey: credentials.secretAccessKey,
    faults: true,
    journal: true,
  })
  const { bucket, region, url } = server
  const location = cosLocation({ bucket, region, endpoint: url })
  return {
    server,
    credentials,
    open: (options: Partial<StoreOptions> = {}) => createCosStore({ location, credentials, ...options }),
    stop: async () => {
      await server.close()
      await rm(directory, { recursive: true })
    },
  }
}

storeContract('cos on local-cos', startCos)

describe('forms on local-cos', () => {
  let running: RunningCos | undefined
  beforeAll(async () => void (running = await startCos()))
  afterAll(async () => running?.stop())

  it('are found to bring their bytes and no others, as long as pages may POST', async () => {
    if (running === undefined) return expect.fail('The server has not started.')
    const { server } = running
    const store = running.open()
    expect(await probeForms(store, 'uploads/')).toBe(true)
    const forms = server.journal.filter(({ operation }) => operation === 'PostObject')
    expect(forms.map(({ status }) => status)).toEqual([204, 400, 403, 403, 403])

    const [rule] = await store.getCors()
    if (rule === undefined) throw new Error('There is no rule.')
    await store.putCors([{ ...rule, allowedMethods: ['PUT', 'GET', 'HEAD'] }])
    expect(await probeForms(store, 'uploads/')).toBe(false)
    const keys = new Set(server.journal.map(({ key }) => key).filter((key) => key.startsWith('uploads/')))
    expect(keys.size).toBe(2)
    for (const key of keys) expect(await store.headObject(key), key).toBeNull()
  })
})

describe('cos on a local-cos where things go wrong', () => {
  let running: RunningCos | undefined
  const current = (): RunningCos => running ?? expect.fail('The server has not started.')

  beforeAll(async () => void (running = await startCos()))
  afterEach(() => current().server.faults?.clear())
  afterAll(async () => running?.stop())

  /** Opens a store with short timeouts and an upload with one part, and activates the fault. */
  async function uploadUnder(key: string, rule: FaultRule) {
    const { server } = current()
    const store: ObjectStore = current().open({
      timeouts: { idle: 2_000, complete: 2_000 },
      retry: { firstDelay: 1 },
    })
    const { uploadId } = await store.createMultipartUpload(key)
    const body = bytes(300_000, 1)
    const { etag } = await store.uploadPart({ key, uploadId, partNumber: 1 }, body)
    server.faults?.set(rule)
    return {
      store,
      uploadId,
      body,
      put: () => store.uploadPart({ key, uploadId, partNumber: 2 }, body),
      complete: () => store.completeMultipartUpload(key, uploadId, [{ partNumber: 1, etag }]),
      struck: () => server.faults?.rules[0]?.struck,
    }
  }

  cosCredentialTime(() => ({ subject: current(), store: current().open() }))

  it('complete that fails after its status was sent is a refusal, and the upload stays open', async () => {
    const fault = { kind: 'late-error', code: 'InternalError' } as const
    const { store, uploadId, complete } = await uploadUnder('late-error', { fault, times: 1 })
    await expect(complete()).rejects.toMatchObject({ code: 'InternalError', status: 200, retryable: true })
    expect(await store.listParts('late-error', uploadId)).toHaveLength(1)
    await complete()
    expect(await store.headObject('late-error')).toMatchObject({ size: 300_000 })
  })

  it('complete may take longer than the watchdog waits, while blanks arrive', async () => {
    const fault = { kind: 'slow-complete', milliseconds: 5_000 } as const
    const { body, complete } = await uploadUnder('slow', { fault })
    expect(await complete()).toMatchObject({ crc64: crc64(body) })
  })

  it('a complete whose answer was lost is left to the caller', async () => {
    const fault = { kind: 'lose-answer' } as const
    const { store, complete, struck } = await uploadUnder('lost-complete', {
      fault,
      operation: 'CompleteMultipartUpload',
    })
    await expect(complete()).rejects.toMatchObject({ code: 'NetworkError', retryable: true })
    expect(struck()).toBe(1)
    expect(await store.headObject('lost-complete')).toMatchObject({ size: 300_000 })
  })

  it.each([
    { kind: 'lose-answer' },
    { kind: 'reset', afterBytes: 100 },
    { kind: 'hang', afterBytes: 100 },
    { kind: 'error', code: 'SlowDown', retryAfterSeconds: 1 },
    { kind: 'error', code: 'UserNetworkTooSlow', after: 'body' },
    { kind: 'error', code: 'InternalError', after: 'body' },
  ] as const)('a part is sent again after $kind $code', async (fault) => {
    const { body, put, struck } = await uploadUnder('again', { fault, times: 2 })
    expect(await put()).toMatchObject({ crc64: crc64(body) })
    expect(struck()).toBe(2)
  })

  it('gives up on a store that keeps failing', async () => {
    const fault = { kind: 'error', code: 'ServiceUnavailable' } as const
    const { put, struck } = await uploadUnder('down', { fault })
    await expect(put()).rejects.toMatchObject({ code: 'ServiceUnavailable', status: 503, retryable: true })
    expect(struck()).toBe(3)
  })

  it("follows the store's clock when that is the wrong one", async () => {
    const fault = { kind: 'clock-skew', seconds: -40_000 } as const
    const { put } = await uploadUnder('store-clock', { fault })
    await expect(put()).resolves.toHaveProperty('etag')
  })

  it('a full disk is final', async () => {
    const { put, struck } = await uploadUnder('full', { fault: { kind: 'disk-full', afterBytes: 100 } })
    await expect(put()).rejects.toMatchObject({ code: 'InsufficientStorage', status: 507, retryable: false })
    expect(struck()).toBe(1)
  })
})
