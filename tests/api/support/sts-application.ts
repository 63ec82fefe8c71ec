import type { StsRecord, StsRecords } from '@carryon/client/sts'
import { account, startStoreUnderTest } from '../../official-sdk/support/store-under-test.js'
import type { StoreUnderTest } from '../../official-sdk/support/store-under-test.js'
import { resource, temporaryCredentials } from '../../official-sdk/support/temporary-credentials.js'

/** Actions the backend requires, as listed in its documentation. */
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

/** The STS response in the shape that `qcloud-cos-sts` returns and Tencent's samples pass on. */
export interface SampleAnswer {
  readonly credentials: {
    readonly tmpSecretId: string
    readonly tmpSecretKey: string
    readonly sessionToken: string
  }
  readonly startTime: number
  readonly expiredTime: number
}

/** An application that has only a bucket and an STS endpoint. */
export interface StsApplication {
  readonly store: StoreUnderTest
  /** The bucket's location, for `stsBackend`. */
  readonly place: { readonly bucket: string; readonly region: string; readonly endpoint: string }
  /** The endpoint's response. */
  issue(actions?: readonly string[], prefix?: string): Promise<SampleAnswer>
  close(): Promise<void>
}

/** @param now clock of the store and STS, Unix milliseconds */
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

/** Plays the role of IndexedDB in a browser: outlives the uploader. */
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
