import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { Hono } from 'hono'
import type { Backing } from './backing.js'

/** One request that Uppy wants to send to the store. */
export interface ToSign {
  readonly method: string
  readonly key: string
  readonly uploadId?: string
  readonly partNumber?: number
}

/** Lifetime of the signed URLs, in seconds. */
const lifetime = 3600

/**
 * `POST /`: signs one request for Uppy's `signRequest`. Uppy's alternative, temporary credentials in the browser,
 * fails with Ceph 16, which refuses the preflight of a part signed with them.
 *
 * @param origin origin under which browsers reach the store
 */
export function peerSigning({ bucket: Bucket, region, keyId, secret }: Backing, origin: string): Hono {
  const client = new S3Client({
    region,
    endpoint: origin,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    credentials: { accessKeyId: keyId, secretAccessKey: secret },
  })
  const sign = ({ method, key: Key, uploadId: UploadId, partNumber }: ToSign): Promise<string> => {
    const options = { expiresIn: lifetime }
    if (UploadId === undefined) {
      return method === 'POST'
        ? getSignedUrl(client, new CreateMultipartUploadCommand({ Bucket, Key }), options)
        : getSignedUrl(client, new PutObjectCommand({ Bucket, Key }), options)
    }
    const upload = { Bucket, Key, UploadId }
    switch (method) {
      case 'PUT':
        return getSignedUrl(client, new UploadPartCommand({ ...upload, PartNumber: partNumber }), options)
      case 'POST':
        return getSignedUrl(client, new CompleteMultipartUploadCommand(upload), options)
      case 'DELETE':
        return getSignedUrl(client, new AbortMultipartUploadCommand(upload), options)
      default:
        return getSignedUrl(client, new ListPartsCommand(upload), options)
    }
  }
  const routes = new Hono()
  routes.post('/', async (context) => context.json({ url: await sign(await context.req.json<ToSign>()) }))
  return routes
}
