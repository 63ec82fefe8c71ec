import type { StoreLocation } from '../object-store.js'

export interface CosLocationOptions {
  /** Name with APPID: `examplebucket-1250000000`. */
  readonly bucket: string
  /** `ap-guangzhou` */
  readonly region: string
  /**
   * Address of another COS-compatible store, such as `http://127.0.0.1:3001`. A host that begins with the bucket's
   * name is taken as virtual-host style; any other as path style, and the bucket is appended.
   */
  readonly endpoint?: string
  /**
   * Global acceleration (COS 436/38866), which must be switched on for the bucket, else `BucketAccelerateNotEnabled`.
   * Default false; without effect where `endpoint` is given.
   */
  readonly accelerate?: boolean
}

/**
 * Where a COS bucket is (COS 436/6224). The default is virtual-host style, the only one that buckets made since 2024 accept.
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
  return endpoint.hostname.startsWith(`${bucket}.`) || address.endsWith(`/${bucket}`)
    ? address
    : `${address}/${bucket}`
}
