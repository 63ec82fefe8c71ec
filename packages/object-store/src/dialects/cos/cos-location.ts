import type { StoreLocation } from '../../store-description.js'

/** Options of {@link cosLocation}. */
export interface CosLocationOptions {
  /** Name with APPID: `examplebucket-1250000000`. */
  readonly bucket: string
  /** `ap-guangzhou` */
  readonly region: string
  /**
   * Another address of the bucket, or of another COS-compatible store. A domain is taken for the bucket's own,
   * whether its name begins with the bucket or it is a custom origin domain (COS 436/36638),
   * `https://upload.example.com`. An address without a domain (`http://127.0.0.1:3001`, `http://store:3001`), one
   * with a path, and COS's own service domain (`https://cos.ap-guangzhou.myqcloud.com`) are taken for a store's
   * address, and the bucket is appended unless the path ends with it.
   */
  readonly endpoint?: string
  /**
   * Global acceleration (COS 436/38866). It must be enabled for the bucket, else requests fail with
   * `BucketAccelerateNotEnabled`. Default false; ignored if `endpoint` is given.
   */
  readonly accelerate?: boolean
}

/**
 * The location of a COS bucket (COS 436/6224). The default is virtual-host style, the only style that buckets created
 * since 2024 accept.
 *
 * @example
 * cosLocation({ bucket: 'b-1250000000', region: 'ap-guangzhou' }).baseUrl
 * // 'https://b-1250000000.cos.ap-guangzhou.myqcloud.com'
 */
export function cosLocation({
  bucket,
  region,
  endpoint,
  accelerate = false,
}: CosLocationOptions): StoreLocation {
  const place = accelerate ? 'accelerate' : region
  const baseUrl =
    endpoint === undefined
      ? `https://${bucket}.cos.${place}.myqcloud.com`
      : baseUrlAt(new URL(endpoint), bucket)
  return { dialect: 'cos', baseUrl, bucket, region }
}

function baseUrlAt(endpoint: URL, bucket: string): string {
  const address = endpoint.origin + endpoint.pathname.replace(/\/+$/, '')
  const isOfBucket =
    address.endsWith(`/${bucket}`) ||
    endpoint.hostname.startsWith(`${bucket}.`) ||
    (endpoint.pathname === '/' && isDomain(endpoint.hostname) && !serviceDomain.test(endpoint.hostname))
  return isOfBucket ? address : `${address}/${bucket}`
}

/** COS 436/6224: `cos.<region>.` without a bucket before it. */
const serviceDomain = /^cos\.[a-z0-9-]+\.(?:myqcloud\.com|tencentcos\.cn)$/u

/** A name of several labels; neither an IP address nor a name of the local network. */
function isDomain(hostname: string): boolean {
  return /\.[a-z][a-z0-9-]*$/iu.test(hostname) && !/(?:^|\.)localhost$/iu.test(hostname)
}
