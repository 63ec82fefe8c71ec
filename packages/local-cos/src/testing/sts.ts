import { createHash, createHmac } from 'node:crypto'
import { request } from 'node:http'
import type { Credentials } from './client.js'

export interface StsReply {
  readonly Credentials?: {
    readonly Token: string
    readonly TmpSecretId: string
    readonly TmpSecretKey: string
  }
  readonly ExpiredTime?: number
  readonly Expiration?: string
  readonly Error?: { readonly Code: string; readonly Message: string }
  readonly RequestId: string
}

export interface StsCall {
  readonly key: Credentials
  readonly body: Readonly<Record<string, unknown>>
  /** Unix seconds. Default: now. */
  readonly timestamp?: number
  readonly action?: string
  /** Service in the credential's scope. Default `sts`. */
  readonly service?: string
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Calls STS as documented for API 3.0 (1278/46715), implemented independently of the store's check. */
export async function callSts(url: string, call: StsCall): Promise<StsReply> {
  const { host, hostname, port } = new URL(url)
  const timestamp = call.timestamp ?? Math.floor(Date.now() / 1000)
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10)
  const payload = JSON.stringify(call.body)
  const service = call.service ?? 'sts'
  const scope = `${date}/${service}/tc3_request`
  const canonical = `POST\n/\n\ncontent-type:application/json\nhost:${host}\n\ncontent-type;host\n${sha256(payload)}`
  const key = hmac(hmac(hmac(`TC3${call.key.secretKey}`, date), service), 'tc3_request')
  const signature = hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`).toString('hex')
  return post({ hostname, port }, payload, {
    'content-type': 'application/json',
    'x-tc-action': call.action ?? 'GetFederationToken',
    'x-tc-version': '2018-08-13',
    'x-tc-timestamp': String(timestamp),
    authorization: `TC3-HMAC-SHA256 Credential=${call.key.secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
  })
}

/** Calls STS as `qcloud-cos-sts` does: a form with signature v1 (1278/46714). */
export async function callStsV1(url: string, call: StsCall): Promise<StsReply> {
  const { host, hostname, port } = new URL(url)
  const fields: Record<string, string> = {
    SecretId: call.key.secretId,
    Timestamp: String(call.timestamp ?? Math.floor(Date.now() / 1000)),
    Nonce: '12345',
    Action: call.action ?? 'GetFederationToken',
    Version: '2018-08-13',
    Region: 'ap-beijing',
    ...Object.fromEntries(Object.entries(call.body).map(([name, value]) => [name, String(value)])),
  }
  const sorted = Object.keys(fields).sort()
  const text = sorted.map((name) => `${name}=${fields[name] ?? ''}`).join('&')
  const signature = createHmac('sha1', call.key.secretKey).update(`POST${host}/?${text}`).digest('base64')
  const body = new URLSearchParams({ ...fields, Signature: signature }).toString()
  return post({ hostname, port }, body, { 'content-type': 'application/x-www-form-urlencoded' })
}

/** Requests a temporary credential with a policy. */
export async function temporaryCredentials(
  url: string,
  key: Credentials,
  statement: object | readonly object[],
  seconds = 1800,
): Promise<Credentials> {
  const policy = encodeURIComponent(JSON.stringify({ version: '2.0', statement }))
  const reply = await callSts(url, { key, body: { Name: 'test', Policy: policy, DurationSeconds: seconds } })
  if (reply.Credentials === undefined) throw new Error(JSON.stringify(reply))
  const { Token, TmpSecretId, TmpSecretKey } = reply.Credentials
  return { secretId: TmpSecretId, secretKey: TmpSecretKey, token: Token }
}

async function post(
  address: { readonly hostname: string; readonly port: string },
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<StsReply> {
  const text = await new Promise<string>((resolve, reject) => {
    const outgoing = request(
      {
        ...address,
        method: 'POST',
        path: '/',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let received = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (received += chunk))
        response.on('error', reject)
        response.on('end', () => resolve(received))
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
  return (JSON.parse(text) as { readonly Response: StsReply }).Response
}
