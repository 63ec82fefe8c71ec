import { createHash, createHmac } from 'node:crypto'
import type { Credentials } from './client.js'

const hmac = (key: string, text: string): string => createHmac('sha1', key).update(text).digest('hex')

export type PolicyCondition = Readonly<Record<string, string>> | readonly (string | number)[]

export interface FormWishes {
  readonly fields: Readonly<Record<string, string>>
  readonly credentials: Credentials
  /** Default: every field with its exact value. Conditions for the signature fields are always added. */
  readonly conditions?: readonly PolicyCondition[]
  /** ISO 8601. Default: in 15 minutes. */
  readonly expiration?: string
  readonly keyTime?: string
}

/** All fields of a signed form as in 436/14690, implemented independently of the store's check. */
export function signedFields({
  fields,
  credentials,
  ...wishes
}: FormWishes): Readonly<Record<string, string>> {
  const now = Math.floor(Date.now() / 1000)
  const keyTime = wishes.keyTime ?? `${now - 1};${now + 900}`
  const policy = JSON.stringify({
    expiration: wishes.expiration ?? new Date((now + 900) * 1000).toISOString(),
    conditions: [
      ...(wishes.conditions ?? Object.entries(fields).map(([name, value]) => ({ [name]: value }))),
      { 'q-sign-algorithm': 'sha1' },
      { 'q-ak': credentials.secretId },
      { 'q-sign-time': keyTime },
    ],
  })
  return {
    ...fields,
    ...(credentials.token === undefined ? {} : { 'x-cos-security-token': credentials.token }),
    policy: Buffer.from(policy).toString('base64'),
    'q-sign-algorithm': 'sha1',
    'q-ak': credentials.secretId,
    'q-key-time': keyTime,
    'q-signature': hmac(
      hmac(credentials.secretKey, keyTime),
      createHash('sha1').update(policy).digest('hex'),
    ),
  }
}

/** A form as browsers create it. */
export function formData(
  fields: Readonly<Record<string, string>>,
  content: Uint8Array | string,
  fileName = 'file.bin',
): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([Buffer.from(content)], { type: 'text/ignored' }), fileName)
  return form
}

const boundary = 'boundary-of-the-test'
export const formHeaders = { 'content-type': `multipart/form-data; boundary=${boundary}` }

/** A form as raw bytes, so that tests can corrupt it. A part named `file` gets a file name. */
export function formBytes(parts: readonly (readonly [name: string, value: string | Uint8Array])[]): Buffer {
  const pieces = parts.flatMap(([name, value]) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"` +
        `${name === 'file' ? '; filename="f"\r\nContent-Type: image/png' : ''}\r\n\r\n`,
    ),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)])
}
