import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { account, type StoreUnderTest } from './store-under-test.js'

/** `@aws-sdk/client-s3` as an application configures it for a store that is addressed by path. */
export function s3Client(store: Pick<StoreUnderTest, 'address'>, options: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: `http://${store.address}`,
    region: account.region,
    forcePathStyle: true,
    credentials: { accessKeyId: account.secretId, secretAccessKey: account.secretKey },
    // A refusal is what some tests ask for; another try would only be another refusal.
    maxAttempts: 1,
    ...options,
  })
}

/** Name, status and message of the error that a call must end with. */
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

/** What of a signed request the suites change. */
export interface SignedRequest {
  hostname: string
  port?: number
  readonly headers: Record<string, string>
  body?: unknown
}

/** Changes each request of the client after it was signed. */
export function afterSigning(client: S3Client, change: (request: SignedRequest) => void): void {
  const { requestHandler } = client.config
  const handle = requestHandler.handle.bind(requestHandler)
  requestHandler.handle = (request, options) => {
    change(request as SignedRequest)
    return handle(request, options)
  }
}
