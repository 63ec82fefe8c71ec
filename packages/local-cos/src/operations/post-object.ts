import type { IncomingHttpHeaders } from 'node:http'
import { objectKey, Query, type Address } from '../address.js'
import { CosError } from '../errors.js'
import { fieldsAsHeaders, requiredField, type FormFields } from '../form/form-fields.js'
import type { FileSizeRange } from '../form/form-policy.js'
import { receiveForm } from '../form/receive-form.js'
import { refuseUnsupportedHeaders } from '../request-headers.js'
import { encodeStrictly } from '../signature.js'
import type { BodyGate } from '../storage/drain.js'
import type { ObjectRecord } from '../storage/object-record.js'
import { element, xmlDeclaration } from '../xml.js'
import { headerOf, type Answer, type OperationContext } from './context.js'
import { storeObject, storedAnswerHeaders } from './put-object.js'

/** A form once its fields are read. */
export interface ObjectForm {
  /** `key` is the final object key. */
  readonly fields: FormFields
  readonly address: Address
  /** The fields, as headers of a PUT. */
  readonly headers: IncomingHttpHeaders
}

/** A form's credentials are in its body, so the request is not yet authorized when the operation starts. */
export interface FormContext extends OperationContext {
  /** Checks signature and policies; returns the allowed file size. */
  readonly admit: (form: ObjectForm) => Promise<FileSizeRange>
}

/** https://cloud.tencent.com/document/product/436/14690 */
export async function postObject(context: FormContext): Promise<Answer> {
  const source = {
    contentType: headerOf(context, 'content-type') ?? '',
    body: context.body,
    gate: context.bodyGate,
  }
  return receiveForm(source, async ({ fields, file, complete }) => {
    // "It will be processed as the final object key before the policy is verified."
    const key = objectKey(requiredField(fields, 'key').replaceAll('${filename}', () => file.name))
    const form: ObjectForm = {
      fields: new Map(fields).set('key', key),
      address: objectAddress(context.address, key),
      headers: { ...fieldsAsHeaders(fields), ...aclOf(fields) },
    }
    const { min, max } = await context.admit(form)
    refuseUnsupportedForm(fields)
    refuseUnsupportedHeaders(form.headers, 'PostObject')
    const status = successStatus(fields)
    const object = { ...context, address: form.address, headers: form.headers }
    const record = await storeObject(object, {
      body: file.content,
      length: undefined,
      // An estimate: the fields before the file add only a few KiB.
      expected: Number(headerOf(context, 'content-length') ?? 0),
      gate: atMost(max),
      admit: async (size) => {
        if (size < min)
          throw new CosError('EntityTooSmall', `The policy asks for a file of ${min} bytes or more.`)
        await complete
      },
    })
    return answerOf(object, record, status)
  })
}

/**
 * Address of the object, given the bucket's path or the root of its host. The query of a form is not signed, so
 * it is ignored.
 */
function objectAddress({ bucket, path }: Address, key: string): Address {
  return { bucket, key, path: `${path.replace(/\/$/, '')}/${key}`, query: new Query([]) }
}

function atMost(max: number): BodyGate {
  return (received) => {
    if (received > max)
      throw new CosError('EntityTooLarge', `The policy asks for a file of ${max} bytes or fewer.`)
    return undefined
  }
}

/** Fields that change the form's meaning and have no equivalent PUT header: redirects, tags, image processing. */
const unsupportedFields = ['success_action_redirect', 'redirect', 'tagging', 'pic-operations']

function refuseUnsupportedForm(fields: FormFields): void {
  const missing = unsupportedFields.find((name) => (fields.get(name) ?? '') !== '')
  if (missing !== undefined) {
    throw new CosError('NotImplemented', `The field ${missing} is not part of this store.`)
  }
  const acl = fields.get('acl') ?? ''
  if (acl !== '' && acl !== 'default' && acl !== 'private') {
    throw new CosError(
      'NotImplemented',
      `A form sets no ACL but default or private here; ${acl} needs a PUT.`,
    )
  }
}

/** In a bucket that anyone may read, `private` differs from the default. */
function aclOf(fields: FormFields): IncomingHttpHeaders {
  return fields.get('acl') === 'private' ? { 'x-cos-acl': 'private' } : {}
}

const successStatuses = new Map([
  ['', 204],
  ['200', 200],
  ['201', 201],
  ['204', 204],
])

function successStatus(fields: FormFields): number {
  const status = successStatuses.get(fields.get('success_action_status') ?? '')
  if (status === undefined) {
    throw new CosError('InvalidArgument', 'success_action_status must be 200, 201 or 204.')
  }
  return status
}

function answerOf(context: OperationContext, record: ObjectRecord, status: number): Answer {
  const { bucket, path, key } = context.address
  const location = context.origin + path.split('/').map(encodeStrictly).join('/')
  const headers = { ...storedAnswerHeaders(record), Location: location }
  if (status !== 201) return { status, headers }
  const text =
    xmlDeclaration +
    element('PostResponse', [
      element('Location', location),
      element('Bucket', bucket),
      element('Key', key),
      element('ETag', `"${record.etag}"`),
    ])
  return { status, headers, body: { kind: 'xml', text } }
}
