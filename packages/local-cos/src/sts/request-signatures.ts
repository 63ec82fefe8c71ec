import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface StsRequest {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Milliseconds since the epoch. */
  readonly now: number
}

export class StsError extends Error {
  override readonly name = 'StsError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

interface AccountKey {
  readonly secretId: string
  readonly secretKey: string
}

/** "A request is refused when its time is off by more than five minutes" (1278/46715). In seconds. */
const maxSkew = 300

/**
 * Checks the signature `TC3-HMAC-SHA256` of API 3.0.
 * Source: https://cloud.tencent.com/document/product/1278/46715
 *
 * @throws {@link StsError}
 */
export function checkTc3({ headers, body, now }: StsRequest, account: AccountKey): void {
  const [, id, date, service, signedHeaders, signature] =
    /^TC3-HMAC-SHA256 +Credential=([^/,\s]+)\/(\d{4}-\d\d-\d\d)\/([^/,\s]+)\/tc3_request *, *SignedHeaders=([^,\s]+) *, *Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? []
  if (id === undefined || date === undefined || service === undefined || signedHeaders === undefined) {
    throw new StsError(
      'AuthFailure.InvalidAuthorization',
      'The Authorization header is missing or malformed.',
    )
  }
  checkId(id, account)
  // Tencent's SDK uses the first label of its endpoint as the service name.
  const services = ['sts', ...hostsOf(headers).map((host) => host.split('.')[0])]
  if (!services.includes(service)) {
    throw new StsError('AuthFailure.SignatureFailure', `The credential is for the service ${service}.`)
  }
  const timestamp = checkTimestamp(headerText(headers, 'x-tc-timestamp'), now)
  if (new Date(timestamp * 1000).toISOString().slice(0, 10) !== date) {
    throw new StsError(
      'AuthFailure.SignatureFailure',
      'The date of the credential is not that of X-TC-Timestamp.',
    )
  }
  const names = signedHeaders.split(';')
  if (!names.includes('content-type') || !names.includes('host')) {
    throw new StsError('AuthFailure.SignatureFailure', 'content-type and host must be signed.')
  }
  const key = [date, service, 'tc3_request'].reduce<string | Buffer>(
    (secret, text) => createHmac('sha256', secret).update(text).digest(),
    `TC3${account.secretKey}`,
  )
  const expected = hostsOf(headers).map((host) => {
    const canonicalHeaders = names
      .map((name) => (name === 'host' ? host : headerText(headers, name)))
      .map((value, index) => `${names[index] ?? ''}:${value.trim().toLowerCase()}\n`)
      .join('')
    const canonicalRequest = `POST\n/\n\n${canonicalHeaders}\n${signedHeaders}\n${sha256(body)}`
    const stringToSign = `TC3-HMAC-SHA256\n${timestamp}\n${date}/${service}/tc3_request\n${sha256(canonicalRequest)}`
    return createHmac('sha256', key).update(stringToSign).digest('hex')
  })
  checkSignature(expected, signature ?? '')
}

/**
 * Checks signature v1, which covers the form's fields and is itself a field.
 * Source: https://cloud.tencent.com/document/product/1278/46714
 *
 * @throws {@link StsError}
 */
export function checkV1(
  { headers, now }: StsRequest,
  fields: ReadonlyMap<string, string>,
  account: AccountKey,
): void {
  checkId(fields.get('SecretId') ?? '', account)
  checkTimestamp(fields.get('Timestamp') ?? '', now)
  const algorithm = fields.get('SignatureMethod') === 'HmacSHA256' ? 'sha256' : 'sha1'
  const text = [...fields]
    .filter(([name]) => name !== 'Signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const expected = hostsOf(headers).map((host) =>
    createHmac(algorithm, account.secretKey).update(`POST${host}/?${text}`).digest('base64'),
  )
  checkSignature(expected, fields.get('Signature') ?? '')
}

/** Tencent's SDK for API 3.0 sends the port in `Host` but signs without it; the real service uses the default port. */
function hostsOf(headers: IncomingHttpHeaders): readonly string[] {
  const host = headerText(headers, 'host')
  return [...new Set([host, host.replace(/:\d+$/, '')])]
}

function checkId(id: string, account: AccountKey): void {
  if (id !== account.secretId) {
    throw new StsError(
      'AuthFailure.SecretIdNotFound',
      'The SecretId is not known here; a temporary one cannot ask.',
    )
  }
}

function checkTimestamp(text: string, now: number): number {
  const timestamp = /^\d{1,12}$/.test(text) ? Number(text) : NaN
  if (!(Math.abs(timestamp - now / 1000) <= maxSkew)) {
    throw new StsError(
      'AuthFailure.SignatureExpire',
      `The request's time is missing or off by more than ${maxSkew} s.`,
    )
  }
  return timestamp
}

function checkSignature(expected: readonly string[], given: string): void {
  const signature = Buffer.from(given)
  const fits = expected.some((text) => {
    const candidate = Buffer.from(text)
    return candidate.length === signature.length && timingSafeEqual(candidate, signature)
  })
  if (!fits) throw new StsError('AuthFailure.SignatureFailure', 'The signature is not that of this request.')
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

function headerText(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name]
  return (Array.isArray(value) ? value.join(',') : value) ?? ''
}
