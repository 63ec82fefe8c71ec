import { cosLocation, createCosStore, createS3Store, s3Location } from '@carryon/object-store'
import type { ObjectStore, StoreCapabilities } from '@carryon/object-store'
import { awsCredentials, cosRoleCredentials, cosStsIssuer, s3StsIssuer } from '@carryon/server'
import type { StsIssuer } from '@carryon/server'
import type { CosStoreConfig, S3StoreConfig } from './store-config.js'

/** The bucket that stores files, and the issuer of temporary credentials for it. */
export interface RemoteBucket {
  /** Signs browsers' requests for the address at which browsers reach the bucket. */
  readonly store: ObjectStore
  /** The same bucket for probes: signs everything for the address at which this machine reaches it. */
  readonly near: ObjectStore
  /** Further buckets, by the names with which hooks choose them. */
  readonly buckets: Readonly<Record<string, Pick<RemoteBucket, 'store' | 'near'>>>
  /** Issuer of temporary credentials; `null`: browsers get presigned part URLs. */
  readonly sts: StsIssuer | null
  /** Text for the line that reports readiness. */
  readonly summary: string
}

export function cosStorage(
  { bucket, buckets, region, credentials, endpoint, browserEndpoint }: CosStoreConfig,
  stsEndpoint: string | undefined,
  capabilities: Partial<StoreCapabilities> = {},
): RemoteBucket {
  const locationAt = (name: string, address: string | undefined) =>
    cosLocation({ bucket: name, region, ...(address === undefined ? {} : { endpoint: address }) })
  const hasKey = 'secretId' in credentials
  const options = {
    credentials: hasKey
      ? { accessKeyId: credentials.secretId, secretAccessKey: credentials.secretKey }
      : cosRoleCredentials({
          ...(credentials.role !== undefined && { role: credentials.role }),
          ...(credentials.metadataUrl !== undefined && { endpoint: credentials.metadataUrl }),
        }),
    capabilities,
  }
  const storesOf = (name: string) => {
    const location = locationAt(name, endpoint)
    const browserLocation = locationAt(name, browserEndpoint ?? endpoint)
    return {
      store: createCosStore({ ...options, location, browserLocation }),
      near: createCosStore({ ...options, location }),
    }
  }
  return {
    ...storesOf(bucket),
    buckets: eachOf(buckets, storesOf),
    sts: hasKey
      ? cosStsIssuer({
          ...credentials,
          region,
          ...(stsEndpoint === undefined ? {} : { endpoint: stsEndpoint }),
        })
      : null,
    summary: `bucket ${bucket} in ${region}${hasKey ? '' : ', by signed part URLs of the role of this machine'}${forBrowsers(browserEndpoint)}`,
  }
}

export function s3Storage(
  wanted: S3StoreConfig,
  stsEndpoint: string | undefined,
  capabilities: Partial<StoreCapabilities> = {},
): RemoteBucket {
  const { bucket, buckets, region, credentials, endpoint, browserEndpoint, forcePathStyle, roleArn } = wanted
  const locationAt = (name: string, address: string | undefined) =>
    s3Location({
      bucket: name,
      region,
      forcePathStyle,
      ...(address === undefined ? {} : { endpoint: address }),
    })
  const options = { credentials: credentials ?? awsCredentials({ region }), capabilities }
  const storesOf = (name: string) => {
    const location = locationAt(name, endpoint)
    const browserLocation = locationAt(name, browserEndpoint ?? endpoint)
    return {
      store: createS3Store({ ...options, location, browserLocation }),
      near: createS3Store({ ...options, location }),
    }
  }
  // Ceph and MinIO serve STS at their S3 endpoint.
  const sts = stsEndpoint ?? endpoint
  return {
    ...storesOf(bucket),
    buckets: eachOf(buckets, storesOf),
    sts:
      roleArn === undefined
        ? null
        : s3StsIssuer({ ...credentials, region, roleArn, ...(sts === undefined ? {} : { endpoint: sts }) }),
    summary: `bucket ${locationAt(bucket, endpoint).baseUrl}, ${roleArn === undefined ? 'by signed part URLs' : `as ${roleArn}`}${forBrowsers(browserEndpoint)}`,
  }
}

function forBrowsers(browserEndpoint: string | undefined): string {
  return browserEndpoint === undefined ? '' : `, at ${browserEndpoint} for browsers`
}

function eachOf<Stores>(
  buckets: Readonly<Record<string, string>>,
  storesOf: (bucket: string) => Stores,
): Record<string, Stores> {
  return Object.fromEntries(Object.entries(buckets).map(([name, bucket]) => [name, storesOf(bucket)]))
}
