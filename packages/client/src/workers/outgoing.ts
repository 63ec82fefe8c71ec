import type { PutRequest } from '../ports.js'

/**
 * What goes out, and by which method. A form is a "simple" request (Fetch, "CORS-safelisted request-header"): it needs no
 * preflight, and where its progress is watched the one of the bucket's own address serves all.
 */
export function outgoing({ fields, body }: Pick<PutRequest, 'fields' | 'body'>): {
  readonly method: 'PUT' | 'POST'
  readonly body: Blob | FormData
} {
  if (fields === undefined) return { method: 'PUT', body }
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  // "The file field must be placed at the end of the entire form" (COS 436/14690). Its name is of no use there.
  form.append('file', body, 'file')
  return { method: 'POST', body: form }
}
