import { cosCapabilities } from '../cos/cos-capabilities.js'
import type { StoreCapabilities, StoreLocation } from '../../store-description.js'

const mebibyte = 1024 ** 2
const gibibyte = 1024 ** 3

/** A store with S3's API, as its own documentation describes it. `probeStore` tests what that leaves open. */
export interface KnownStore {
  /** Display name. */
  readonly name: string
  /** Matches its hosts; `null` if anyone may run it anywhere. */
  readonly host: RegExp | null
  /** Differences from Amazon's published limits. */
  readonly limits: Partial<StoreCapabilities>
  /** Whether `AssumeRole` with a session policy narrows a permission to one key. */
  readonly assumeRole: boolean
  /** Whether the bucket's CORS and lifecycle rules can be set through S3's API. */
  readonly bucketRules: boolean
  /** The documentation. */
  readonly source: string
}

/** The stores whose limits were looked up. */
export const knownStores: readonly KnownStore[] = [
  {
    name: 'Amazon S3',
    host: /(^|\.)amazonaws\.com(\.cn)?$/,
    limits: {
      partChecksum: 'crc64nvme',
      objectChecksum: 'crc64nvme',
      maxObjectSize: 10_000 * 5 * gibibyte,
    },
    assumeRole: true,
    bucketRules: true,
    source: 'S3 user guide, "Amazon S3 multipart upload limits", "Checking object integrity"',
  },
  {
    name: 'Cloudflare R2',
    host: /(^|\.)r2\.cloudflarestorage\.com$/,
    limits: {
      equalParts: true,
      maxPartSize: 5 * gibibyte - 5 * mebibyte,
      maxPutSize: 5 * gibibyte - 5 * mebibyte,
      maxObjectSize: 5 * 1024 * gibibyte - 5 * gibibyte,
    },
    assumeRole: false,
    bucketRules: true,
    source: 'R2 documentation, "Limits", "Multipart upload", "S3 API compatibility"',
  },
  {
    name: 'Aliyun OSS',
    host: /(^|\.)aliyuncs\.com$/,
    limits: { maxObjectSize: 10_000 * 5 * gibibyte },
    assumeRole: false,
    bucketRules: false,
    source: 'OSS documentation, "Compatibility with Amazon S3", "Limits"',
  },
  {
    name: 'Tencent COS through its S3 API',
    host: /(^|\.)myqcloud\.com$/,
    limits: { minPartSize: cosCapabilities.minPartSize, maxObjectSize: cosCapabilities.maxObjectSize },
    assumeRole: false,
    bucketRules: true,
    source: 'COS 436/14518, 436/7750, 436/37421',
  },
  {
    name: 'Ceph RGW',
    host: null,
    limits: {},
    assumeRole: true,
    bucketRules: true,
    source: 'Ceph documentation, "RGW S3 API", "STS in Ceph"; checked with release 16',
  },
  {
    name: 'MinIO',
    host: null,
    limits: { maxObjectSize: 10_000 * 5 * gibibyte },
    assumeRole: true,
    bucketRules: false,
    source: 'MinIO documentation, "Thresholds and limits", "AssumeRole"',
  },
]

/** The store at this address; `undefined` for stores that may run anywhere. */
export function knownStoreAt({ baseUrl }: StoreLocation): KnownStore | undefined {
  const { hostname } = new URL(baseUrl)
  return knownStores.find(({ host }) => host?.test(hostname) ?? false)
}
