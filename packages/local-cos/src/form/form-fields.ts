import type { IncomingHttpHeaders } from 'node:http'
import { CosError } from '../errors.js'

/** Fields of a form before its file, by name in lower case. */
export type FormFields = ReadonlyMap<string, string>

/** @throws {@link CosError} `AccessDenied` if the field is missing or empty. */
export function requiredField(fields: FormFields, name: string): string {
  const value = fields.get(name)
  if (value === undefined || value === '') throw new CosError('AccessDenied', `The form has no ${name}.`)
  return value
}

/** Fields that are also headers of a PUT. */
const headerField =
  /^(?:cache-control|content-(?:disposition|encoding|language|md5|type)|expires|x-cos-[\w!#$%&'*+.^`|~-]+)$/

/** Characters not allowed in a header: RFC 9110 section 5.5. */
const forbiddenInHeader = /[\u0000-\u0008\u000a-\u001f\u007f]/

/**
 * Converts the fields to headers as a PUT would have sent them, so that the stored result is the same.
 *
 * @throws {@link CosError} `InvalidArgument`
 */
export function fieldsAsHeaders(fields: FormFields): IncomingHttpHeaders {
  const headers: Record<string, string> = {}
  for (const [name, value] of fields) {
    if (!headerField.test(name)) continue
    if (forbiddenInHeader.test(value)) {
      throw new CosError('InvalidArgument', `The field ${name} holds line breaks or control characters.`)
    }
    // Node reads and writes headers as Latin-1, one character per byte.
    headers[name] = Buffer.from(value.trim()).toString('latin1')
  }
  return headers
}
