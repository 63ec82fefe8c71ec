import { createCosStore } from '@carryon/object-store'
import type { ObjectStore } from '@carryon/object-store'
import { account } from './account.js'

/**
 * A store that this process calls at one address, while browsers are told another: the one behind the link. What is
 * signed for browsers is signed for the address that they use.
 *
 * @param url origin for this process's own calls
 * @param publicUrl origin for browsers
 */
export function storeSeenFrom(url: string, publicUrl: string): ObjectStore {
  const at = (origin: string): ObjectStore =>
    createCosStore({
      location: {
        dialect: 'cos',
        baseUrl: `${origin}/${account.bucket}`,
        bucket: account.bucket,
        region: account.region,
      },
      credentials: { accessKeyId: account.secretId, secretAccessKey: account.secretKey },
    })
  const inside = at(url)
  const outside = at(publicUrl)
  return new Proxy(inside, {
    get(store, name: keyof ObjectStore) {
      if (name === 'location') return outside.location
      const owner = name === 'presign' ? outside : store
      const value: unknown = Reflect.get(owner, name)
      return typeof value === 'function' ? (value.bind(owner) as unknown) : value
    },
  })
}
