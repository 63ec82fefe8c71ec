import {
  attempts,
  type SignatureExplanation,
  type SignedText,
  type Variation,
} from '../explanation/signature-explanation.js'
import { encodeStrictly } from '../signature.js'
import {
  canonicalRequest,
  emptyHash,
  signText,
  stringToSign,
  type CanonicalContent,
  type Scope,
} from './signature-v4.js'

interface RefusedSignature {
  readonly content: CanonicalContent
  readonly timestamp: string
  readonly scope: Scope
  /** What the client sent. */
  readonly given: string
  /** Derived from the secret for this scope. */
  readonly key: Buffer
}

/** As for a signature of COS: tries the mistakes that clients make until one gives the signature that came. */
export function explainS3Signature(refused: RefusedSignature): SignatureExplanation {
  const { content, timestamp, scope, given, key } = refused
  const textOf = (candidate: CanonicalContent): SignedText => {
    const request = canonicalRequest(candidate)
    return { request, stringToSign: stringToSign(timestamp, scope, request) }
  }
  const expected = textOf(content)
  for (const attempt of attempts(content, variations)) {
    const text = textOf(attempt.content)
    if (attempt.mistakes.length > 0 && signText(key, text.stringToSign) === given) {
      return { expected, signed: text, mistakes: attempt.mistakes }
    }
  }
  return { expected, signed: null, mistakes: [] }
}

const variations: readonly (readonly Variation<CanonicalContent>[])[] = [
  [
    [
      'path-without-bucket',
      (content) => withPath(content, content.path.replace(/^\/[a-z0-9-]+-\d+(?=\/|$)/, '') || '/'),
    ],
    [
      'path-encoded-twice',
      (content) => withPath(content, content.path.split('/').map(encodeStrictly).join('/')),
    ],
  ],
  [['host-without-port', (content) => withHost(content, (host) => host.replace(/:\d+$/, ''))]],
  [['no-parameters', (content) => (content.parameters.length === 0 ? null : { ...content, parameters: [] })]],
  [
    ...['GET', 'PUT', 'HEAD', 'POST', 'DELETE'].map((method): Variation<CanonicalContent> => [
      'another-method',
      (content) => (content.method === method ? null : { ...content, method }),
    ]),
  ],
  [
    ['payload-unsigned', (content) => withPayload(content, 'UNSIGNED-PAYLOAD')],
    ['payload-empty', (content) => withPayload(content, emptyHash)],
  ],
]

function withPath(content: CanonicalContent, path: string): CanonicalContent | null {
  return path === content.path ? null : { ...content, path }
}

function withPayload(content: CanonicalContent, payload: string): CanonicalContent | null {
  return payload === content.payload ? null : { ...content, payload }
}

function withHost(content: CanonicalContent, change: (host: string) => string): CanonicalContent | null {
  const headers = content.headers.map(
    ([name, value]) => [name, name === 'host' ? change(value) : value] as const,
  )
  const same = headers.every(([, value], index) => value === content.headers[index]?.[1])
  return same ? null : { ...content, headers }
}
