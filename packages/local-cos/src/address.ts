import { CosError } from './errors.js'

/** Target of a request: the service, a bucket, or an object in it. */
export interface Address {
  /** Empty for the service itself. */
  readonly bucket: string
  /** Empty for the bucket or the service. */
  readonly key: string
  /** The decoded path as received, including the bucket if the request is path-style; this is the path that is signed. */
  readonly path: string
  readonly query: Query
  /** Whether the host is the bucket's website host. */
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

/** Query parameters as received: decoded, with the case of names kept. @throws `InvalidURI` */
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

/** Bucket names: 436/13312. `<name>-<appid>`, at most 60 characters, so also safe as a folder name. */
export const bucketName = /^(?=.{3,60}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?-[0-9]{1,20}$/

const virtualHost = /^([a-z0-9-]+-[0-9]+)\.cos\.([a-z0-9-]+)\./i
const websiteHost = /^([a-z0-9-]+-[0-9]+)\.cos-website\.([a-z0-9-]+)\./i
const serviceHost = /^(?:service\.cos|cos\.[a-z0-9-]+)\.(?:myqcloud\.com|tencentcos\.cn)(?::\d+)?$/i

/** Whether the host contains the bucket name, so that the path is a key. */
export function isVirtualHost(host: string): boolean {
  return virtualHost.test(host) || websiteHost.test(host)
}

/** Whether a host is a bucket's website host. */
export function isWebsiteHost(host: string): boolean {
  return websiteHost.test(host)
}

/** Bucket and region of a virtual host that is valid as a whole; `null` for any other text. */
export function sourceHost(host: string): { readonly bucket: string; readonly region: string } | null {
  const [, bucket = '', region = ''] = virtualHost.exec(host) ?? []
  if (bucket === '' || !/^[a-z0-9.-]+(?::\d{1,5})?$/i.test(host)) return null
  return { bucket: bucket.toLowerCase(), region: region.toLowerCase() }
}

/** What parsing an address needs besides the request line and the host. */
export interface AddressRules {
  readonly region: string
  /** Whether a bucket may be addressed by the global acceleration host. */
  readonly isAccelerated: (bucket: string) => boolean
}

/**
 * Reads bucket and key from the request: virtual-host style if the host starts with `<bucket>.cos.<region>.` or
 * `<bucket>.cos-website.<region>.`, otherwise path style.
 *
 * @throws {@link CosError} `InvalidURI`, `KeyTooLong`, `NoSuchBucket` (another region's host),
 *   `BucketAccelerateNotEnabled`.
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

/** Only slashes, with single dots between them. */
const mergesToBucket = /^(?=.)(?:\.?\/)*\.?$/

/**
 * Checks an object key; empty if there is none. The real store reduces a path of only slashes and dots to the
 * bucket, so a GET lists it (tests of Tencent's SDKs about `ObjectKeySimplifyCheck`). A request meant for an
 * object, possibly a DELETE, must not act on its bucket, so this store refuses such keys.
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
 * Checks a key, or part of one, such as a prefix.
 *
 * @throws {@link CosError} `KeyTooLong`, `InvalidURI`
 */
export function checkedKey(key: string): string {
  if (Buffer.byteLength(key) > maxKeyBytes) {
    throw new CosError('KeyTooLong', `The key is longer than ${maxKeyBytes} bytes.`)
  }
  // An unpaired surrogate has no UTF-8 encoding: two such keys would become one object.
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
