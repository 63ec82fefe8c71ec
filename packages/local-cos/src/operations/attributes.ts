import type { ObjectAttributes } from '../storage/object-record.js'
import { parseAclHeaders } from './access-control.js'
import { headerOf, type OperationContext } from './context.js'
import { parseTagHeader } from './tag-set.js'

/** What the request's headers say of the object to be stored, beside its metadata. */
export function requestedAttributes(context: OperationContext): ObjectAttributes {
  const tags = parseTagHeader(headerOf(context, 'x-cos-tagging') ?? '')
  const acl = parseAclHeaders(context.headers, 'object')
  return { ...(tags.length === 0 ? {} : { tags }), ...(acl === undefined ? {} : { acl }) }
}

/** The same of a record, to be handed on to another. */
export function attributesOf({ tags, acl }: ObjectAttributes): ObjectAttributes {
  return { ...(tags === undefined ? {} : { tags }), ...(acl === undefined ? {} : { acl }) }
}
