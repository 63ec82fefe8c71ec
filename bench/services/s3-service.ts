import { CreateBucketCommand, PutBucketCorsCommand, S3Client } from '@aws-sdk/client-s3'
import { s3FromEnvironment } from './backing.js'
import { emptyBucket } from './empty-bucket.js'
import { hostService } from './service-host.js'
import { storeAt } from './store-seen-from.js'
import type { StoreCalls } from './store-service.js'

const backing = s3FromEnvironment(process.env)
if (backing === null || backing.url === null)
  throw new Error('Set S3_ENDPOINT, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.')
const { url, bucket, region, keyId, secret } = backing
const client = new S3Client({
  endpoint: url,
  region,
  forcePathStyle: true,
  credentials: { accessKeyId: keyId, secretAccessKey: secret },
})
// In Ceph, creating a bucket that one already owns is no error.
await client.send(new CreateBucketCommand({ Bucket: bucket }))
await client.send(
  new PutBucketCorsCommand({
    Bucket: bucket,
    CORSConfiguration: {
      CORSRules: [
        {
          AllowedOrigins: ['*'],
          AllowedMethods: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'],
          AllowedHeaders: ['*'],
          ExposeHeaders: ['ETag', 'x-amz-request-id', 'Date'],
        },
      ],
    },
  }),
)

/** An external store that already runs, and has no counters. */
const calls: StoreCalls = {
  url: () => url,
  counters: () => ({}),
  clear: () => undefined,
  empty: () => emptyBucket(storeAt(backing, url)),
  cpu: () => 0,
}

hostService(calls, async () => client.destroy())
