import type { StsRecord, StsRecords } from '@carryon/client/sts'
import { account, startStoreUnderTest } from '../../official-sdk/support/store-under-test.js'
import type { StoreUnderTest } from '../../official-sdk/support/store-under-test.js'
import { resource, temporaryCredentials } from '../../official-sdk/support/temporary-credentials.js'

/** What the backend asks for, as its documentation lists it. */
export const neededActions = [
  'name/cos:InitiateMultipartUpload',
  'name/cos:UploadPart',
  'name/cos:ListParts',
  'name/cos:CompleteMultipartUpload',
  'name/cos:AbortMultipartUpload',
  'name/cos:PutObject',
]
export const helpfulActions = [
  'name/cos:HeadObject',
  'name/cos:DeleteObject',
  'name/cos:ListMultipartUploads',
]

/** What `qcloud-cos-sts` makes of the answer of STS, and Tencent's samples hand on. */
export interface SampleAnswer {
  readonly credentials: {
    readonly tmpSecretId: string
    readonly tmpSecretKey: string
    readonly sessionToken: string
  }
  readonly startTime: number
  readonly expiredTime: number
}

/** An application that has a bucket and an STS endpoint, and nothing else. */
export interface StsApplication {
  readonly store: StoreUnderTest
  /** Where the bucket is, for `stsBackend`. */
  readonly place: { readonly bucket: string; readonly region: string; readonly endpoint: string }
  /** What the endpoint answers. */
  issue(actions?: readonly string[], prefix?: string): Promise<SampleAnswer>
  close(): Promise<void>
}

/** @param now the clock of store and STS, Unix milliseconds */
export async function startStsApplication(now: () => number = Date.now): Promise<StsApplication> {
  const store = await startStoreUnderTest({ now })
  return {
    store,
    place: { bucket: account.bucket, region: account.region, endpoint: `http://${store.address}` },
    async issue(actions = [...neededActions, ...helpfulActions], prefix = 'uploads/*') {
      const lifetime = 1800
      const given = await temporaryCredentials(
        store,
        [{ effect: 'allow', action: actions, resource: resource(prefix) }],
        lifetime,
      )
      return {
        credentials: {
          tmpSecretId: given.SecretId,
          tmpSecretKey: given.SecretKey,
          sessionToken: given.SecurityToken,
        },
        startTime: given.expiredTime - lifetime,
        expiredTime: given.expiredTime,
      }
    },
    close: () => store.close(),
  }
}

/** What IndexedDB is to a browser: outlives the uploader. */
export function keptRecords(): StsRecords & { readonly kept: Map<string, StsRecord> } {
  const kept = new Map<string, StsRecord>()
  const where = (is: (record: StsRecord) => boolean) => [...kept.values()].filter(is)
  return {
    kept,
    find: async (owner, identity) => where((one) => one.owner === owner && one.identity === identity),
    get: async (id) => structuredClone(kept.get(id)),
    all: async (owner) => where((one) => one.owner === owner),
    async put(record) {
      kept.set(record.id, structuredClone(record))
    },
    async delete(id) {
      kept.delete(id)
    },
  }
}
