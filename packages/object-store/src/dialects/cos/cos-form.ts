import type { FormRequest, SignedForm } from '../../store-calls.js'
import { objectHeaders } from '../../object-headers.js'
import { urlOf } from '../../request.js'
import type { Signing } from '../../request.js'
import { attributes, metadataPrefix } from './cos-headers.js'
import { keyTimeOf, signerOf } from './cos-signature.js'

/** Header names as 436/14690 writes them among the form's fields. */
const fieldNames: Readonly<Record<string, string>> = {
  'content-type': 'Content-Type',
  'content-disposition': 'Content-Disposition',
  'cache-control': 'Cache-Control',
  'content-md5': 'Content-MD5',
}

/**
 * The other headers that COS stores with an object. A client could add a field that the policy does not name, even to
 * send the form again over the finished object, so each of them is in the form with an empty value.
 */
const nothing = { 'Cache-Control': '', 'Content-Encoding': '', 'Content-Language': '', Expires: '' } as const

/**
 * A form for one object (COS 436/14690, "POST Object"). Its policy names every field and the length, so nothing in it
 * can be exchanged; "the signature form fields need to be before the file form field", which is the last.
 *
 * No field forbids overwriting, and none is needed: a repeated form stores the same bytes.
 */
export async function signCosForm(
  { key, size, headers }: Omit<FormRequest, 'expiresIn'>,
  { credentials, location, window }: Signing,
): Promise<SignedForm> {
  const keyTime = keyTimeOf(window)
  const { accessKeyId, sessionToken } = credentials
  const fields = {
    key,
    ...nothing,
    ...Object.fromEntries(
      Object.entries(objectHeaders(headers, { metadataPrefix, attributes })).map(([name, value]) => [
        fieldNames[name] ?? name,
        value,
      ]),
    ),
    ...(sessionToken === undefined ? {} : { 'x-cos-security-token': sessionToken }),
  }
  const policy = JSON.stringify({
    expiration: new Date(window.end * 1000).toISOString(),
    conditions: [
      { bucket: location.bucket },
      ...Object.entries(fields).map(([name, value]) => ['eq', `$${name}`, value]),
      ['content-length-range', size, size],
      { 'q-sign-algorithm': 'sha1' },
      { 'q-ak': accessKeyId },
      { 'q-sign-time': keyTime },
    ],
  })
  return {
    url: urlOf(location, '').href,
    fields: {
      ...fields,
      policy: base64Of(policy),
      'q-sign-algorithm': 'sha1',
      'q-ak': accessKeyId,
      'q-key-time': keyTime,
      'q-signature': await signerOf(credentials).signPolicy(policy, keyTime),
    },
  }
}

function base64Of(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
