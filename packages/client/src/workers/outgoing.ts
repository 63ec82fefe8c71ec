import type { PutRequest } from '../ports.js'

/**
 * Method and body of a request. A form is a "simple" request (Fetch, "CORS-safelisted request-header"), so it needs no
 * preflight. If its progress is observed, one preflight of the bucket's address serves all forms.
 */
export function outgoing({ fields, body }: Pick<PutRequest, 'fields' | 'body'>): {
  readonly method: 'PUT' | 'POST'
  readonly body: Blob | FormData
} {
  if (fields === undefined) return { method: 'PUT', body }
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  // "The file field must be placed at the end of the entire form" (COS 436/14690). The file name is not used.
  form.append('file', body, 'file')
  return { method: 'POST', body: form }
}
