import type { IncomingHttpHeaders } from 'node:http'
import { CosError } from '../errors.js'

/** The fields of a form that stand before its file, by their names in lower case. */
export type FormFields = ReadonlyMap<string, string>

/** @throws {@link CosError} `AccessDenied` when the form has no such field, or an empty one. */
export function requiredField(fields: FormFields, name: string): string {
  const value = fields.get(name)
  if (value === undefined || value === '') throw new CosError('AccessDenied', `The form has no ${name}.`)
  return value
}

/** The fields that a PUT has as headers of the same name. */
const headerField =
  /^(?:cache-control|content-(?:disposition|encoding|language|md5|type)|expires|x-cos-[\w!#$%&'*+.^`|~-]+)$/

/** More than a header can hold: RFC 9110 section 5.5. */
const forbiddenInHeader = /[\u0000-\u0008\u000a-\u001f\u007f]/

/**
 * The fields as the headers of a PUT would have arrived, so that what is stored is what a PUT stores.
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
    // Node hands over headers byte by byte as Latin-1, and writes them so.
    headers[name] = Buffer.from(value.trim()).toString('latin1')
  }
  return headers
}
