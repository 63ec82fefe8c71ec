import { explain, type SignatureExplanation, type Variation } from '../explanation/signature-explanation.js'
import { hostWithoutPort, noParameters, otherMethods, withPath } from '../explanation/variations.js'
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
  /** Key derived from the secret for this scope. */
  readonly key: Buffer
}

/** Explains why the signature of an S3 request was refused. */
export function explainS3Signature(refused: RefusedSignature): SignatureExplanation {
  const { content, timestamp, scope, given, key } = refused
  return explain(content, given, variations, (candidate) => {
    const request = canonicalRequest(candidate)
    const text = { request, stringToSign: stringToSign(timestamp, scope, request) }
    return { signature: signText(key, text.stringToSign), text }
  })
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
  [hostWithoutPort()],
  [noParameters()],
  otherMethods(),
  [
    ['payload-unsigned', (content) => withPayload(content, 'UNSIGNED-PAYLOAD')],
    ['payload-empty', (content) => withPayload(content, emptyHash)],
  ],
]

function withPayload(content: CanonicalContent, payload: string): CanonicalContent | null {
  return payload === content.payload ? null : { ...content, payload }
}
