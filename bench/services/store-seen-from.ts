import { createCosStore, createS3Store } from '@carryon/object-store'
import type { ObjectStore } from '@carryon/object-store'
import type { Backing } from './backing.js'

/**
 * A store that this process calls at one address and browsers at another, through the link. Presigned URLs and forms
 * are signed for the browsers' address.
 *
 * @param url origin for this process's own calls
 * @param publicUrl origin for browsers
 */
export function storeSeenFrom(backing: Backing, url: string, publicUrl: string): ObjectStore {
  const inside = storeAt(backing, url)
  const outside = storeAt(backing, publicUrl)
  return new Proxy(inside, {
    get(store, name: keyof ObjectStore) {
      if (name === 'location') return outside.location
      const owner = name === 'presign' || name === 'presignForm' ? outside : store
      const value: unknown = Reflect.get(owner, name)
      return typeof value === 'function' ? (value.bind(owner) as unknown) : value
    },
  })
}

/** The store at the given origin, addressed in path style. */
export function storeAt({ dialect, bucket, region, keyId, secret }: Backing, origin: string): ObjectStore {
  const options = {
    location: { dialect, baseUrl: `${origin}/${bucket}`, bucket, region },
    credentials: { accessKeyId: keyId, secretAccessKey: secret },
  }
  switch (dialect) {
    case 'cos':
      return createCosStore({ ...options, capabilities: { forms: true } })
    case 's3':
      // Ceph, the store used here, can forbid overwriting on PUT but not on complete.
      return createS3Store({ ...options, capabilities: { forbidOverwriteOnComplete: false } })
  }
}
