import type { IncomingHttpHeaders } from 'node:http'
import { bucketName } from '../address.js'
import { CosError } from '../errors.js'
import { checksumHeaders } from './checksums.js'

/** Headers that differ between S3 and COS only in the prefix: `x-amz-acl` is `x-cos-acl`. */
const shared: ReadonlySet<string> = new Set([
  'acl',
  'copy-source-if-match',
  'copy-source-if-none-match',
  'copy-source-if-modified-since',
  'copy-source-if-unmodified-since',
  'copy-source-range',
  'server-side-encryption',
  'storage-class',
  'tagging',
])

const directives: Readonly<Record<string, string>> = { '': '', COPY: 'Copy', REPLACE: 'Replaced' }

/** Headers for the signature and body, which are handled earlier, and headers that do not affect what is stored. */
const dropped: ReadonlySet<string> = new Set([
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-security-token',
  'x-amz-trailer',
  'x-amz-user-agent',
  // Bodies are verified against their checksums; the checksums are not stored, so none is returned.
  ...checksumHeaders,
  'x-amz-checksum-algorithm',
  'x-amz-checksum-mode',
  'x-amz-checksum-type',
  'x-amz-sdk-checksum-algorithm',
])

/**
 * Translates the headers of an S3 request to COS. An allow list, because an unknown header may mean anything.
 *
 * @throws {@link CosError} `NotImplemented`, `InvalidArgument`
 */
export function cosHeaders(
  headers: IncomingHttpHeaders,
  method: string,
  region: string,
): IncomingHttpHeaders {
  const translated: IncomingHttpHeaders = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue
    if (!name.startsWith('x-amz-')) {
      if (/^(?:x-cos-|x-ci-|pic-operations$)/.test(name)) throw unsupported(name)
      translated[name] = value
    } else if (!dropped.has(name)) {
      const text = Array.isArray(value) ? value.join(', ') : value
      const [cosName, cosValue] = cosHeader(name, text, region)
      translated[cosName] = cosValue
    }
  }
  return method === 'GET' || method === 'HEAD' ? translated : withoutConditions(translated)
}

function cosHeader(name: string, value: string, region: string): readonly [name: string, value: string] {
  const plain = name.slice('x-amz-'.length)
  if (shared.has(plain) || plain.startsWith('meta-')) return [`x-cos-${plain}`, value]
  switch (plain) {
    case 'metadata-directive':
    case 'tagging-directive': {
      const directive = directives[value.toUpperCase()]
      if (directive === undefined) {
        throw new CosError('InvalidArgument', `${name} must be COPY or REPLACE.`)
      }
      return [`x-cos-${plain}`, directive]
    }
    case 'copy-source':
      return ['x-cos-copy-source', copySource(value, region)]
    default:
      throw unsupported(name)
  }
}

/** Parses `<bucket>/<key>`, percent-encoded, with or without a leading slash; S3 decodes a plus sign as a space. */
function copySource(value: string, region: string): string {
  const [, bucket = '', key = ''] = /^\/?([^/]+)\/(.+)$/.exec(value) ?? []
  if (!bucketName.test(bucket)) {
    throw new CosError('InvalidArgument', 'x-amz-copy-source must be <bucket>/<key>. Nothing was copied.')
  }
  return `${bucket}.cos.${region}.myqcloud.com/${key.replaceAll('+', '%20')}`
}

/** "If-None-Match: * uploads the object only if the key does not exist yet." */
function withoutConditions({
  'if-match': ifMatch,
  'if-none-match': ifNoneMatch,
  ...headers
}: IncomingHttpHeaders): IncomingHttpHeaders {
  if (ifMatch !== undefined) throw unsupported('if-match of a request that writes')
  if (ifNoneMatch === undefined) return headers
  if (ifNoneMatch.trim() !== '*') throw unsupported('if-none-match of an ETag')
  return { ...headers, 'x-cos-forbid-overwrite': 'true' }
}

function unsupported(name: string): CosError {
  return new CosError(
    'NotImplemented',
    `The header ${name} of an S3 request is not part of this store. Nothing was stored.`,
  )
}

const answered =
  /^x-cos-(meta-.*|storage-class|server-side-encryption|tagging-count|bucket-region|version-id|delete-marker|copy-source-version-id)$/

/** Translates the headers of an answer to S3 names. */
export function amzHeaders(
  headers: Readonly<Record<string, string | number>>,
): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.replace(answered, 'x-amz-$1'), value]),
  )
}
