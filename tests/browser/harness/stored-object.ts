import { createHash } from 'node:crypto'

/** A finished object as downloaded by the person who uploaded it. */
export interface StoredObject {
  /** Lower-case hex. */
  readonly sha256: string
  /** Bytes. */
  readonly size: number
  /** The `Content-Disposition` header, which carries the file name. */
  readonly disposition: string
  /** Redirect target given by the application's server. */
  readonly location: URL
}

/** Follows a finished upload's link, as a click does, and reads the whole object from the store. */
export async function readObject(link: string, cookie: string): Promise<StoredObject> {
  const redirect = await fetch(link, { headers: { cookie }, redirect: 'manual' })
  const target = redirect.headers.get('location')
  if (redirect.status !== 302 || target === null) {
    throw new Error(`${link} answered ${redirect.status}: ${await redirect.text()}`)
  }
  const location = new URL(target, link)
  const answer = await fetch(location)
  if (!answer.ok || answer.body === null) {
    throw new Error(`${location.href} answered ${answer.status}: ${await answer.text()}`)
  }
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of answer.body) {
    hash.update(chunk)
    size += chunk.byteLength
  }
  return {
    sha256: hash.digest('hex'),
    size,
    disposition: answer.headers.get('content-disposition') ?? '',
    location,
  }
}
