import type { IncomingHttpHeaders } from 'node:http'
import { Query, type Address } from '../address.js'
import { authenticate, checkTime, findKey, isSameSignature, type Identity } from '../authentication.js'
import type { Account } from '../sts/account.js'
import { CosError } from '../errors.js'
import { signPolicy } from '../signature.js'
import { fieldsAsHeaders, requiredField, type FormFields } from './form-fields.js'
import { checkFormPolicy, parseFormPolicy, type FileSizeRange } from './form-policy.js'

/** A form and the request that carried it. */
export interface SignedForm {
  readonly fields: FormFields
  readonly bucket: string
  /** Address the form was posted to; the older signature covers it. */
  readonly address: Address
  readonly headers: IncomingHttpHeaders
  /** The store's clock, milliseconds since the epoch. */
  readonly now: number
}

/** Sender of a form, and the allowed size of its file. */
interface FormRights {
  readonly identity: Identity
  readonly fileSize: FileSizeRange
}

/**
 * Checks key, time, signature and policy of a form, given in its fields. Without a policy, checks the request
 * signature in its field `Signature`.
 *
 * @throws {@link CosError} `AccessDenied`, `InvalidAccessKeyId`, `ExpiredToken`, `RequestTimeTooSkewed`,
 *   `SignatureDoesNotMatch`, `InvalidArgument` (the policy)
 */
export function authenticateForm(form: SignedForm, account: Account): FormRights {
  const signature = form.fields.get('signature') ?? ''
  if (signature === '') return authenticateByPolicy(form, account)
  if (['policy', 'q-signature'].some((name) => form.fields.has(name))) {
    throw new CosError('InvalidArgument', 'The form has two signatures: leave out Signature, or the policy.')
  }
  return { identity: authenticateByRequest(form, signature, account), fileSize: { min: 0, max: Infinity } }
}

/**
 * For Tencent's WeChat SDK, which can upload files only by form: the signature is that of a POST to this
 * address (https://cloud.tencent.com/document/product/436/34929). It does not cover the key, so its holder can
 * store any object that the token's policy allows; `x-cos-…` fields and headers must be covered.
 */
function authenticateByRequest(form: SignedForm, signature: string, account: Account): Identity {
  return authenticate(
    {
      method: 'POST',
      operation: 'PostObject',
      // The query of a form is ignored.
      address: { ...form.address, query: new Query([]) },
      headers: { ...fieldsAsHeaders(form.fields), ...form.headers, authorization: signature },
      now: form.now,
    },
    account,
  )
}

function authenticateByPolicy(form: SignedForm, account: Account): FormRights {
  const { fields, now } = form
  const json = Buffer.from(requiredField(fields, 'policy'), 'base64')
  if (requiredField(fields, 'q-sign-algorithm') !== 'sha1') {
    throw new CosError('AccessDenied', 'q-sign-algorithm must be sha1.')
  }
  const id = requiredField(fields, 'q-ak')
  const keyTime = requiredField(fields, 'q-key-time')
  const signature = requiredField(fields, 'q-signature')
  const { secretKey, identity } = findKey(id, fields.get('x-cos-security-token'), now, account)
  checkTime(keyTime, now)
  const expected = signPolicy(json, keyTime, secretKey)
  if (!isSameSignature(signature, expected.signature)) {
    throw new CosError(
      'SignatureDoesNotMatch',
      'The signature is not that of this policy. Check the key and the key time, and that the policy is signed as the JSON that its Base64 stands for.',
      { elements: { StringToSign: expected.stringToSign } },
    )
  }
  const policy = parseFormPolicy(json.toString())
  checkFormPolicy(policy, form)
  return { identity, fileSize: policy.fileSize }
}
