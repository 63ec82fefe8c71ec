import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { account, type StoreUnderTest } from './store-under-test.js'

/** `@aws-sdk/client-s3` configured as in an application, for a path-style store. */
export function s3Client(store: Pick<StoreUnderTest, 'address'>, options: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: `http://${store.address}`,
    region: account.region,
    forcePathStyle: true,
    credentials: { accessKeyId: account.secretId, secretAccessKey: account.secretKey },
    // Some tests expect a refusal; a retry would only be refused again.
    maxAttempts: 1,
    ...options,
  })
}

/** Name, status and message of the error with which a call must fail. */
export async function s3Failure(
  call: Promise<unknown>,
): Promise<{ readonly code: string; readonly status: number | undefined; readonly message: string }> {
  const error = await call.then(
    () => new Error('It did not fail'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Error)) throw new Error('What was thrown is no Error', { cause: error })
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } }
  return { code: error.name, status: $metadata?.httpStatusCode, message: error.message }
}

/** The parts of a signed request that the suites change. */
export interface SignedRequest {
  hostname: string
  port?: number
  readonly headers: Record<string, string>
  body?: unknown
}

/** Changes each request of the client after signing. */
export function afterSigning(client: S3Client, change: (request: SignedRequest) => void): void {
  const { requestHandler } = client.config
  const handle = requestHandler.handle.bind(requestHandler)
  requestHandler.handle = (request, options) => {
    change(request as SignedRequest)
    return handle(request, options)
  }
}
