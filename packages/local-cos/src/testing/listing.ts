import { childText } from '../xml.js'
import type { TestClient } from './client.js'
import { bucket } from './store.js'

/** All objects the bucket lists, as `key etag size`, in listing order. */
export async function listedObjects(client: TestClient): Promise<readonly string[]> {
  const found: string[] = []
  for (let marker = ''; ;) {
    const { xml, status } = await client.call({ method: 'GET', path: `/${bucket}/`, query: { marker } })
    if (status !== 200) throw new Error(`The listing was answered with ${status}.`)
    for (const { name, children } of xml.children) {
      if (name !== 'Contents') continue
      const [key, etag, size] = ['Key', 'ETag', 'Size'].map((wanted) =>
        children.find((child) => child.name === wanted)?.text.replaceAll('"', ''),
      )
      found.push(`${key} ${etag} ${size}`)
    }
    if (childText(xml, 'IsTruncated') !== 'true') return found
    marker = childText(xml, 'NextMarker') ?? ''
  }
}

/** Ids of the open uploads the bucket lists. */
export async function listedUploads(client: TestClient): Promise<readonly string[]> {
  const { xml } = await client.call({ method: 'GET', path: `/${bucket}/`, query: { uploads: '' } })
  return xml.children
    .filter(({ name }) => name === 'Upload')
    .map((upload) => childText(upload, 'UploadId') ?? '')
}
