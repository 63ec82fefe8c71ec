import type { ObjectAttributes } from '../storage/object-record.js'
import { parseAclHeaders } from './access-control.js'
import { headerOf, type OperationContext } from './context.js'
import { parseTagHeader } from './tag-set.js'

/** Tags and ACL from the headers of a request that stores an object. */
export function requestedAttributes(context: OperationContext): ObjectAttributes {
  const tags = parseTagHeader(headerOf(context, 'x-cos-tagging') ?? '')
  const acl = parseAclHeaders(context.headers, 'object')
  return { ...(tags.length === 0 ? {} : { tags }), ...(acl === undefined ? {} : { acl }) }
}

/** Tags and ACL of a record, to copy to another record. */
export function attributesOf({ tags, acl }: ObjectAttributes): ObjectAttributes {
  return { ...(tags === undefined ? {} : { tags }), ...(acl === undefined ? {} : { acl }) }
}
