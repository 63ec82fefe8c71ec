import { join } from 'node:path'
import COS from 'cos-nodejs-sdk-v5'
import { account, type StoreUnderTest } from './store-under-test.js'

/** A key pair as `cos-nodejs-sdk-v5` takes it; with a token when it is a temporary one. */
export interface SdkCredentials {
  readonly SecretId: string
  readonly SecretKey: string
  readonly SecurityToken?: string
}

export const permanentCredentials: SdkCredentials = {
  SecretId: account.secretId,
  SecretKey: account.secretKey,
}

/** Where the bucket of the suites is: the first members of nearly every call. */
export const bucket = { Bucket: account.bucket, Region: account.region } as const

/** The virtual host under which the SDK addresses, and signs for, the bucket. */
export const virtualHost = `${account.bucket}.cos.${account.region}.myqcloud.com`

/**
 * `cos-nodejs-sdk-v5` as an application configures it, but for the address: requests keep the host
 * `<bucket>.cos.<region>.myqcloud.com`, sign for it, and go to the store on loopback.
 *
 * The SDK caches upload ids in a file (`ConfCwd`, by default in the home directory), written 400 ms after the last
 * change. Here it gets a path that cannot exist, so that it leaves nothing behind and what it resumes from is what the
 * store lists; a suite that wants the cache gives a directory.
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

/** A response header as text; the SDK types its headers loosely. */
export function header(result: COS.GeneralResult, name: string): string | undefined {
  const value: unknown = result.headers?.[name]
  return typeof value === 'string' ? value : undefined
}
