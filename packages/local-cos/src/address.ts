import { CosError } from './errors.js'

/** What a request is about: the service, a bucket, or an object in it. */
export interface Address {
  /** Empty for the service itself. */
  readonly bucket: string
  /** Empty for the bucket or the service. */
  readonly key: string
  /** The decoded path as it stood on the wire, with the bucket when the request is path-style: this is what is signed. */
  readonly path: string
  readonly query: Query
  /** Whether the host is the one of the bucket's website. */
  readonly isWebsite?: true
}

/** Query parameters in order, decoded; names in lower case, as the protocol compares them. */
export class Query {
  readonly entries: readonly (readonly [name: string, value: string])[]

  constructor(entries: readonly (readonly [name: string, value: string])[]) {
    this.entries = entries
  }

  static parse(text: string): Query {
    return new Query(parametersOf(text).map(([name, value]) => [name.toLowerCase(), value] as const))
  }

  get(name: string): string | undefined {
    return this.entries.find(([candidate]) => candidate === name)?.[1]
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }
}

/** The parameters of a query as they stood on the wire, decoded, names in their own case. @throws `InvalidURI` */
export function parametersOf(query: string): readonly (readonly [name: string, value: string])[] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      const name = equals === -1 ? pair : pair.slice(0, equals)
      const value = equals === -1 ? '' : pair.slice(equals + 1)
      return [decodeQuery(name), decodeQuery(value)] as const
    })
}

/** Names of buckets: 436/13312. `<name>-<appid>`, at most 60 characters, so also a safe name of a folder. */
export const bucketName = /^(?=.{3,60}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?-[0-9]{1,20}$/

const virtualHost = /^([a-z0-9-]+-[0-9]+)\.cos\.([a-z0-9-]+)\./i
const websiteHost = /^([a-z0-9-]+-[0-9]+)\.cos-website\.([a-z0-9-]+)\./i
const serviceHost = /^(?:service\.cos|cos\.[a-z0-9-]+)\.(?:myqcloud\.com|tencentcos\.cn)(?::\d+)?$/i

/** Whether a host names the bucket, so that the path is a key. */
export function isVirtualHost(host: string): boolean {
  return virtualHost.test(host) || websiteHost.test(host)
}

/** Whether a host is the one of a bucket's website. */
export function isWebsiteHost(host: string): boolean {
  return websiteHost.test(host)
}

/** Bucket and region of a virtual host, with nothing before or behind that is no name; `null` for any other text. */
export function sourceHost(host: string): { readonly bucket: string; readonly region: string } | null {
  const [, bucket = '', region = ''] = virtualHost.exec(host) ?? []
  if (bucket === '' || !/^[a-z0-9.-]+(?::\d{1,5})?$/i.test(host)) return null
  return { bucket: bucket.toLowerCase(), region: region.toLowerCase() }
}

/** What an address depends on besides the request line and the host. */
export interface AddressRules {
  readonly region: string
  /** Whether a bucket may be called by the host of global acceleration. */
  readonly isAccelerated: (bucket: string) => boolean
}

/**
 * Reads bucket and key off the request line: virtual-host style when the host begins `<bucket>.cos.<region>.` or
 * `<bucket>.cos-website.<region>.`, else path style.
 *
 * @throws {@link CosError} `InvalidURI`, `KeyTooLong`, `NoSuchBucket` (another region's host), `BucketAccelerateNotEnabled`.
 */
export function parseAddress(target: string, host: string, rules: AddressRules): Address {
  // RFC 9112 section 3.2.2: a server must accept the absolute form too.
  const local = target.replace(/^https?:\/\/[^/?]*/i, '')
  const questionMark = local.indexOf('?')
  const path = decodePath(questionMark === -1 ? local : local.slice(0, questionMark))
  const query = Query.parse(questionMark === -1 ? '' : local.slice(questionMark + 1))
  if (serviceHost.test(host)) return { bucket: '', key: '', path, query }
  const website = websiteHost.exec(host)
  const virtual = website ?? virtualHost.exec(host)
  if (virtual !== null) {
    const [, name = '', region = ''] = virtual
    const bucket = name.toLowerCase()
    checkRegion(bucket, region.toLowerCase(), rules)
    const key = objectKey(path.slice(1))
    return { bucket, key, path, query, ...(website === null ? {} : { isWebsite: true }) }
  }
  const [, bucket = '', key = ''] = /^\/([^/]*)(?:\/([^]*))?$/.exec(path) ?? []
  if (bucket === '' && key !== '') throw new CosError('InvalidURI', 'The path names a key and no bucket.')
  return { bucket, key: objectKey(key), path, query }
}

/** @throws {@link CosError} `NoSuchBucket`, `BucketAccelerateNotEnabled` */
function checkRegion(bucket: string, named: string, { region, isAccelerated }: AddressRules): void {
  if (named === region) return
  if (named !== 'accelerate') throw new CosError('NoSuchBucket', `The bucket is not in region ${named}.`)
  if (!isAccelerated(bucket)) {
    throw new CosError('BucketAccelerateNotEnabled', 'Acceleration is not switched on for this bucket.')
  }
}

/** "The key is 1 to 850 bytes" (436/13324), in UTF-8. */
const maxKeyBytes = 850

/** Slashes, and single dots between them. */
const mergesToBucket = /^(?=.)(?:\.?\/)*\.?$/

/**
 * The key of an object; empty for none. The real store merges a path of nothing but slashes and dots, and a GET lists the
 * bucket (tests of Tencent's SDKs about `ObjectKeySimplifyCheck`). What is meant for an object, maybe a DELETE, must not
 * become a request about its bucket, so this store refuses such a key.
 *
 * @throws {@link CosError} `KeyTooLong`, `InvalidURI`
 */
export function objectKey(key: string): string {
  if (mergesToBucket.test(key)) {
    throw new CosError(
      'InvalidURI',
      `The key ${JSON.stringify(key)} is nothing but slashes and dots, which COS takes for the bucket. Nothing was done: use another key.`,
    )
  }
  return checkedKey(key)
}

/**
 * A key, or a piece of one, such as a prefix.
 *
 * @throws {@link CosError} `KeyTooLong`, `InvalidURI`
 */
export function checkedKey(key: string): string {
  if (Buffer.byteLength(key) > maxKeyBytes) {
    throw new CosError('KeyTooLong', `The key is longer than ${maxKeyBytes} bytes.`)
  }
  // Half of a surrogate pair has no UTF-8: two such keys would be one object.
  if (/\p{Surrogate}/u.test(key)) throw new CosError('InvalidURI', 'The key is not valid Unicode.')
  return key
}

function decodePath(encoded: string): string {
  const path = decode(encoded)
  return path.startsWith('/') ? path : `/${path}`
}

function decodeQuery(encoded: string): string {
  return decode(encoded.replaceAll('+', ' '))
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch (error) {
    throw new CosError('InvalidURI', 'The URL is not valid percent-encoded UTF-8.', { cause: error })
  }
}
