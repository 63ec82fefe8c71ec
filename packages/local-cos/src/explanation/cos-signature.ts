import { encodeStrictly, httpStringOf, signHttpString, type SignedContent } from '../signature.js'
import { attempts, type SignatureExplanation, type Variation } from './signature-explanation.js'

interface RefusedSignature extends SignedContent {
  /** Empty when the request is about none. */
  readonly bucket: string
  /** Empty when it is not known. */
  readonly region: string
  /** What the client sent. */
  readonly given: string
  readonly secretKey: string
}

/** Beyond what a request says of itself: the text that is signed, in the rare case that it is put together otherwise. */
interface Candidate extends RefusedSignature {
  readonly upperCase?: true
}

type Pairs = SignedContent['headers']

/**
 * Finds out what a client signed: tries the mistakes that clients make, alone and together, until one of them gives the
 * signature that came. Costs some thousand hashes, so it is done when someone looks.
 */
export function explainSignature(refused: RefusedSignature): SignatureExplanation {
  const expected = signed(refused)
  for (const { content, mistakes } of attempts<Candidate>(refused, variations)) {
    const { signature, ...text } = signed(content)
    if (signature === refused.given && mistakes.length > 0) {
      return { expected: textOf(expected), signed: text, mistakes }
    }
  }
  return { expected: textOf(expected), signed: null, mistakes: [] }
}

function signed(candidate: Candidate): {
  readonly signature: string
  readonly request: string
  readonly stringToSign: string
} {
  const httpString = httpStringOf(candidate)
  const request =
    candidate.upperCase === true
      ? httpString.replace(/^[a-z]+/, (method) => method.toUpperCase())
      : httpString
  return { request, ...signHttpString(request, candidate.keyTime, candidate.secretKey) }
}

function textOf({ request, stringToSign }: ReturnType<typeof signed>): SignatureExplanation['expected'] {
  return { request, stringToSign }
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
    ['host-without-port', (content) => changeHeader(content, 'host', (host) => host.replace(/:\d+$/, ''))],
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
      (content) =>
        withHeaders(
          content,
          content.headers.filter(([name]) => name !== 'content-length'),
        ),
    ],
  ],
  [['no-parameters', (content) => (content.parameters.length === 0 ? null : { ...content, parameters: [] })]],
  [
    ...['GET', 'PUT', 'HEAD', 'POST', 'DELETE'].map((method): Variation<Candidate> => [
      'another-method',
      (content) => (content.method.toUpperCase() === method ? null : { ...content, method }),
    ]),
    ['upper-case-method', (content) => ({ ...content, upperCase: true })],
  ],
  [
    ...['\n', '\r\n', ' '].map((blank): Variation<Candidate> => [
      'key-with-blanks',
      (content) => ({ ...content, secretKey: content.secretKey + blank }),
    ]),
  ],
]

function withPath(content: Candidate, path: string): Candidate | null {
  return path === content.path ? null : { ...content, path }
}

function withHeaders(content: Candidate, headers: Pairs): Candidate | null {
  return headers.length === content.headers.length ? null : { ...content, headers }
}

function changeHeader(
  content: Candidate,
  wanted: string,
  change: (value: string) => string,
): Candidate | null {
  const headers = content.headers.map(([name, value]) =>
    name === wanted ? ([name, change(value)] as const) : ([name, value] as const),
  )
  const same = headers.every(([, value], index) => value === content.headers[index]?.[1])
  return same ? null : { ...content, headers }
}

function withoutBucket({ path, bucket }: Candidate): string {
  return path === `/${bucket}` ? '/' : path.startsWith(`/${bucket}/`) ? path.slice(bucket.length + 1) : path
}

function withBucket({ path, bucket }: Candidate): string {
  return bucket === '' || path.startsWith(`/${bucket}/`) ? path : `/${bucket}${path}`
}

function encodePath(path: string): string {
  return path.split('/').map(encodeStrictly).join('/')
}
