import type { StoreLocation } from '../../store-description.js'

/** Options of {@link s3Location}. */
export interface S3LocationOptions {
  /** Name of the bucket. */
  readonly bucket: string
  /** `us-east-1`; part of signatures, even if the store has no regions. */
  readonly region: string
  /** Address of the service, such as `http://127.0.0.1:7480`. Default: Amazon's in that region. */
  readonly endpoint?: string
  /** Whether the bucket is in the path instead of the host. Default false. */
  readonly forcePathStyle?: boolean
}

/**
 * The location of a bucket of an S3-compatible store.
 *
 * @example
 * s3Location({ bucket: 'films', region: 'us-east-1' }).baseUrl // 'https://films.s3.us-east-1.amazonaws.com'
 */
export function s3Location({
  bucket,
  region,
  endpoint,
  forcePathStyle = false,
}: S3LocationOptions): StoreLocation {
  const { protocol, host, pathname } = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`)
  const path = pathname.replace(/\/+$/, '')
  const baseUrl = forcePathStyle
    ? `${protocol}//${host}${path}/${bucket}`
    : `${protocol}//${bucket}.${host}${path}`
  return { dialect: 's3', baseUrl, bucket, region }
}
