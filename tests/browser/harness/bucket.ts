import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ObjectStore, createCosStore } from '@carryon/object-store'
import type { Product } from './product.js'

/** The product's bucket, opened with the operator's own key, which may see everything. */
export async function openBucket(product: Product): Promise<ObjectStore> {
  const key = JSON.parse(await readFile(join(product.dataDir, 'local-store-key.json'), 'utf8')) as {
    secretId: string
    secretKey: string
  }
  const bucket = 'carryon-1250000000'
  return createCosStore({
    location: {
      dialect: 'cos',
      baseUrl: `${product.storeUrl}/${bucket}`,
      bucket,
      region: 'ap-guangzhou',
    },
    credentials: { accessKeyId: key.secretId, secretAccessKey: key.secretKey },
  })
}

/** Keys of all open multipart uploads. */
export async function openFragments(bucket: ObjectStore): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const { key } of bucket.listMultipartUploads('')) keys.push(key)
  return keys
}
