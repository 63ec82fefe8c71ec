import { encodeStrictly, httpStringOf, signHttpString, type SignedContent } from '../signature.js'
import { explain, type SignatureExplanation, type Variation } from './signature-explanation.js'
import { changeHeader, hostWithoutPort, noParameters, otherMethods, withPath } from './variations.js'

interface RefusedSignature extends SignedContent {
  /** Empty if the request is not about a bucket. */
  readonly bucket: string
  /** Empty if unknown. */
  readonly region: string
  /** Signature the client sent. */
  readonly given: string
  readonly secretKey: string
}

/** A request to sign; `upperCase` if the client signs the method in upper case. */
interface Candidate extends RefusedSignature {
  readonly upperCase?: true
}

/** Explains why the signature of a COS request was refused. */
export function explainSignature(refused: RefusedSignature): SignatureExplanation {
  return explain<Candidate>(refused, refused.given, variations, (candidate) => {
    const httpString = httpStringOf(candidate)
    const request =
      candidate.upperCase === true
        ? httpString.replace(/^[a-z]+/, (method) => method.toUpperCase())
        : httpString
    const { signature, stringToSign } = signHttpString(request, candidate.keyTime, candidate.secretKey)
    return { signature, text: { request, stringToSign } }
  })
}

const variations: readonly (readonly Variation<Candidate>[])[] = [
  [
    ['path-without-bucket', (content) => withPath(content, withoutBucket(content))],
    ['path-with-bucket', (content) => withPath(content, withBucket(content))],
    ['path-encoded', (content) => withPath(content, encodePath(content.path))],
    [
      'path-root',
      (content) => (content.path === '/' || content.path === '' ? null : { ...content, path: '/' }),
    ],
  ],
  [
    hostWithoutPort(),
    [
      'host-of-the-cloud',
      (content) =>
        content.bucket === '' || content.region === ''
          ? null
          : changeHeader(content, 'host', () => `${content.bucket}.cos.${content.region}.myqcloud.com`),
    ],
    ['no-headers', (content) => (content.headers.length === 0 ? null : { ...content, headers: [] })],
  ],
  [
    [
      'content-type-without-charset',
      (content) => changeHeader(content, 'content-type', (type) => type.replace(/\s*;.*$/, '')),
    ],
    [
      'content-length-left-out',
      (content) => {
        const headers = content.headers.filter(([name]) => name !== 'content-length')
        return headers.length === content.headers.length ? null : { ...content, headers }
      },
    ],
  ],
  [noParameters()],
  [...otherMethods<Candidate>(), ['upper-case-method', (content) => ({ ...content, upperCase: true })]],
  [
    ...['\n', '\r\n', ' '].map((blank): Variation<Candidate> => [
      'key-with-blanks',
      (content) => ({ ...content, secretKey: content.secretKey + blank }),
    ]),
  ],
]

function withoutBucket({ path, bucket }: Candidate): string {
  return path === `/${bucket}` ? '/' : path.startsWith(`/${bucket}/`) ? path.slice(bucket.length + 1) : path
}

function withBucket({ path, bucket }: Candidate): string {
  return bucket === '' || path.startsWith(`/${bucket}/`) ? path : `/${bucket}${path}`
}

function encodePath(path: string): string {
  return path.split('/').map(encodeStrictly).join('/')
}
