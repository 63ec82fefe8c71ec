import { checkTime, findKey, isSameSignature, type Identity } from '../authentication.js'
import type { Account } from '../sts/account.js'
import { CosError } from '../errors.js'
import { signPolicy } from '../signature.js'
import { requiredField, type FormFields } from './form-fields.js'
import { checkFormPolicy, parseFormPolicy, type FileSizeRange } from './form-policy.js'

/**
 * Checks key, time, signature and policy of a form, which has them in its fields.
 *
 * @returns who sent it, and the size that its file may have.
 * @throws {@link CosError} `AccessDenied`, `InvalidAccessKeyId`, `ExpiredToken`, `RequestTimeTooSkewed`,
 *   `SignatureDoesNotMatch`, `InvalidArgument` (the policy)
 */
export function authenticateForm(
  form: { readonly fields: FormFields; readonly bucket: string; readonly now: number },
  account: Account,
): { readonly identity: Identity; readonly fileSize: FileSizeRange } {
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
