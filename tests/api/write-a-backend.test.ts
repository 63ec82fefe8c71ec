import { execFileSync } from 'node:child_process'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCosStore } from '@carryon/object-store'
import COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backendContract } from '../../apps/carryon/src/conformance/contract/run-contract.js'
import { CosSigner } from '../../packages/object-store/src/dialects/cos/cos-signature.js'
import { root } from '../../scripts/workspace.mjs'
import {
  account,
  startStoreUnderTest,
  type StoreUnderTest,
} from '../official-sdk/support/store-under-test.js'
import { temporaryCredentials, type Statement } from '../official-sdk/support/temporary-credentials.js'
import { expectDrawn } from '../support/drawn.js'
import { python, pythonFolder, whyNoPython } from '../support/python-backend.js'

const guide = 'docs/guides/write-a-backend.md'
const command = 'npx vitest run --project conformance tests/api/write-a-backend'
const secretId = 'AKIDexample'
const secretKey = 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz'
const host = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com'

interface Vector {
  readonly title: string
  readonly method: string
  readonly key: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly start: number
  readonly end: number
}

const vectors: readonly Vector[] = [
  {
    title: 'A part, by its length',
    method: 'PUT',
    key: 'uploads/2026/11/30/0f8c/film.mp4',
    query: { partNumber: '1', uploadId: '170000000000abc' },
    headers: { host, 'content-length': '8388608' },
    start: 1_700_000_000,
    end: 1_700_001_800,
  },
  {
    title: 'The start of a multipart upload of a key that has to be encoded',
    method: 'POST',
    key: "uploads/中 a+b!(*)'.bin",
    query: { uploads: '' },
    headers: { host, 'content-type': 'video/mp4' },
    start: 1_700_000_000,
    end: 1_700_000_900,
  },
  {
    title: 'The second page of a list of parts',
    method: 'GET',
    key: 'uploads/2026/11/30/0f8c/film.mp4',
    query: { uploadId: '170000000000abc', 'max-parts': '1000', 'part-number-marker': '1000' },
    headers: { host },
    start: 1_700_000_000,
    end: 1_700_000_900,
  },
]

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
const hmac = (key: string, text: string): string => createHmac('sha1', key).update(text).digest('hex')

/** The guide's seven signing steps, implemented independently of the product. */
function stepsOf({ method, key, query, headers, start, end }: Vector): Readonly<Record<string, string>> {
  const list = (pairs: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
    Object.entries(pairs)
      .map(([name, value]) => [encode(name).toLowerCase(), encode(value)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
  const [parameters, signed] = [list(query), list(headers)]
  const names = (pairs: typeof signed): string => pairs.map(([name]) => name).join(';')
  const joined = (pairs: typeof signed): string => pairs.map((pair) => pair.join('=')).join('&')
  const KeyTime = `${start};${end}`
  const HttpString = `${method.toLowerCase()}\n/${key}\n${joined(parameters)}\n${joined(signed)}\n`
  const StringToSign = `sha1\n${KeyTime}\n${createHash('sha1').update(HttpString).digest('hex')}\n`
  const SignKey = hmac(secretKey, KeyTime)
  const Signature = hmac(SignKey, StringToSign)
  return {
    KeyTime,
    SignKey,
    UrlParamList: names(parameters),
    HeaderList: names(signed),
    HttpString,
    StringToSign,
    Signature,
  }
}

function drawn(): string {
  const shown = vectors.map((vector) => {
    const { title, method, key, query, headers, ...time } = vector
    const given = { SecretId: secretId, SecretKey: secretKey, method, key, query, headers, ...time }
    const lines = [...Object.entries(given), ...Object.entries(stepsOf(vector))].map(
      ([name, value]) =>
        `${name.padEnd(13)}${typeof value === 'string' ? value.replaceAll('\n', '\\n') : JSON.stringify(value)}`,
    )
    return `${title}:\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`
  })
  return `\n${shown.join('\n')}\n`
}

describe('the guide to a backend of one’s own', () => {
  it('has the test vectors that are tested here', () => {
    expectDrawn(guide, 'vectors', drawn(), command)
  })

  it.each(vectors)("has signatures of Tencent's SDK and of ours: $title", async (vector) => {
    const { method, key, query, headers, start, end } = vector
    const { Signature } = stepsOf(vector)
    const sdk = COS.getAuthorization({
      SecretId: secretId,
      SecretKey: secretKey,
      Method: method as COS.Method,
      Key: key,
      Query: { ...query },
      Headers: { ...headers },
      KeyTime: `${start};${end}`,
      SystemClockOffset: 0,
    })
    expect(sdk).toContain(`q-signature=${Signature}`)
    const ours = await new CosSigner(secretId, secretKey).sign({
      method,
      path: `/${key}`,
      query,
      headers,
      window: { start, end },
    })
    expect(ours['q-signature']).toBe(Signature)
  })

  it.skipIf(whyNoPython() !== null)('has every step as the example in Python makes it', () => {
    const program = `
import json, sys
sys.path.insert(0, ${JSON.stringify(pythonFolder)})
import cos_signature
print(json.dumps([cos_signature.steps("${secretKey}", v["method"], v["key"], v["query"], v["headers"], v["start"], v["end"]) for v in json.load(sys.stdin)]))`
    const said = execFileSync(python(), ['-B', '-c', program], {
      input: JSON.stringify(vectors),
      encoding: 'utf8',
    })
    expect(JSON.parse(said)).toEqual(vectors.map(stepsOf))
  })

  it('says of each optional member what it buys', () => {
    const rows = backendContract
      .filter(({ optional }) => optional !== undefined)
      .map(({ about, holds, optional = '' }) => `| ${about} | ${holds} | ${optional} |`)
    const table = [
      '| about | what the check sees | what it buys, or needs |',
      '| --- | --- | --- |',
      ...rows,
    ].join('\n')
    expectDrawn(guide, 'optional', `\n${table}\n\n`, command)
  })
})

describe('the policy of the guide', () => {
  let store: StoreUnderTest
  beforeAll(async () => {
    store = await startStoreUnderTest()
  })
  afterAll(() => store.close())

  /** Makes every store call of a backend with the keys such a policy grants. */
  async function workWith(statement: Statement): Promise<void> {
    const keys = await temporaryCredentials(store, [statement])
    const cos = createCosStore({
      location: {
        dialect: 'cos',
        baseUrl: `http://${store.address}/${account.bucket}`,
        bucket: account.bucket,
        region: account.region,
      },
      credentials: {
        accessKeyId: keys.SecretId,
        secretAccessKey: keys.SecretKey,
        sessionToken: keys.SecurityToken,
      },
      retry: { attempts: 1 },
    })
    const key = `uploads/${randomBytes(8).toString('hex')}`
    const { uploadId } = await cos.createMultipartUpload(key)
    const query = { partNumber: '1', uploadId }
    const { url } = await cos.presign({ method: 'PUT', key, query, expiresIn: 600 })
    expect((await fetch(url, { method: 'PUT', body: 'a part' })).status).toBe(200)
    await cos.completeMultipartUpload(key, uploadId, await cos.listParts(key, uploadId))
    expect(await cos.headObject(key)).toMatchObject({ size: 6 })
    const link = await cos.presign({ method: 'GET', key, expiresIn: 600 })
    expect(await (await fetch(link.url)).text()).toBe('a part')
    await cos.deleteObject(key)
    const other = await cos.createMultipartUpload(key)
    await cos.abortMultipartUpload(key, other.uploadId)
  }

  it('allows every call of a backend, and has no action that none needs', async () => {
    const [, text = ''] = /```json\n([\s\S]*?)```/.exec(readFileSync(join(root, guide), 'utf8')) ?? []
    const { statement } = JSON.parse(text.replaceAll('examplebucket-1250000000', account.bucket)) as {
      statement: [Statement & { readonly action: readonly string[] }]
    }
    const [allowed] = statement
    await workWith(allowed)
    for (const action of allowed.action) {
      const others = { ...allowed, action: allowed.action.filter((one) => one !== action) }
      await expect(workWith(others), action).rejects.toThrow()
    }
  })
})
