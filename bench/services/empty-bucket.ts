import type { ObjectStore } from '@carryon/object-store'

/** Removes all objects and open uploads of the test bucket. Expects our own keys, which XML does not escape. */
export async function emptyBucket(store: ObjectStore): Promise<void> {
  for await (const { key, uploadId } of store.listMultipartUploads('')) {
    await store.abortMultipartUpload(key, uploadId)
  }
  for (;;) {
    const { url } = await store.presign({ method: 'GET', key: '', expiresIn: 60 })
    const answer = await fetch(url)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`Listing the bucket failed with ${answer.status}: ${text}`)
    const keys = [...text.matchAll(/<Key>([^<]+)<\/Key>/g)].map((match) => match[1] ?? '')
    if (keys.length === 0) return
    await Promise.all(keys.map((key) => store.deleteObject(key)))
  }
}
