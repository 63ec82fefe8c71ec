import { join } from 'node:path'
import COS from 'cos-nodejs-sdk-v5'
import { account, type StoreUnderTest } from './store-under-test.js'

/** A key pair in the format of `cos-nodejs-sdk-v5`; temporary ones have a token. */
export interface SdkCredentials {
  readonly SecretId: string
  readonly SecretKey: string
  readonly SecurityToken?: string
}

export const permanentCredentials: SdkCredentials = {
  SecretId: account.secretId,
  SecretKey: account.secretKey,
}

/** The bucket of the suites: the first members of nearly every call. */
export const bucket = { Bucket: account.bucket, Region: account.region } as const

/** The virtual host the SDK uses to address the bucket, and signs for. */
export const virtualHost = `${account.bucket}.cos.${account.region}.myqcloud.com`

/**
 * `cos-nodejs-sdk-v5` configured as in an application, except for the address: requests keep the host
 * `<bucket>.cos.<region>.myqcloud.com`, sign for it, and go to the store on loopback.
 *
 * The SDK caches upload ids in a file (`ConfCwd`, by default in the home directory), written 400 ms after the last
 * change. Here it gets a path that cannot exist, so that it leaves no files behind and resumes only from what the
 * store lists; a suite that needs the cache passes a directory.
 */
export function nodeClient(
  store: Pick<StoreUnderTest, 'address'>,
  credentials: SdkCredentials = permanentCredentials,
  options: COS.COSOptions = {},
): COS {
  return new COS({
    ...credentials,
    Protocol: 'http:',
    Ip: store.address,
    ConfCwd: join(import.meta.filename, 'nowhere'),
    ...options,
  })
}

/** A response header as text; the SDK's type of the headers is loose. */
export function header(result: COS.GeneralResult, name: string): string | undefined {
  const value: unknown = result.headers?.[name]
  return typeof value === 'string' ? value : undefined
}
