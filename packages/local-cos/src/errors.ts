import type { SignatureExplanation } from './explanation/signature-explanation.js'

/**
 * Every refusal the store can give, with its HTTP status.
 *
 * Source: COS error codes, https://cloud.tencent.com/document/product/436/7730, and for what only S3 has,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. `InsufficientStorage` is ours: the real store has no
 * disk to run full; its status is that of RFC 4918 section 11.5.
 */
const statusOfCode = {
  AttachmentFull: 400,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  BadRequest: 400,
  BucketAccelerateNotEnabled: 400,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  ExpiredToken: 400,
  IncompleteBody: 400,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidLocationConstraint: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRequest: 400,
  InvalidTag: 400,
  InvalidURI: 400,
  KeyTooLong: 400,
  MalformedPOSTRequest: 400,
  MalformedTrailerError: 400,
  MalformedXML: 400,
  RequestTimeout: 400,
  UserNetworkTooSlow: 400,
  XAmzContentSHA256Mismatch: 400,
  XMLSizeLimit: 400,
  PaymentRequired: 402,
  AccessDenied: 403,
  AccessForbidden: 403,
  InvalidAccessKeyId: 403,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  NoSuchBucket: 404,
  NoSuchCORSConfiguration: 404,
  NoSuchKey: 404,
  NoSuchLifecycleConfiguration: 404,
  NoSuchTagSet: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NoSuchWebsiteConfiguration: 404,
  OriginConfigurationNotFoundError: 404,
  MethodNotAllowed: 405,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  FileAlreadyExists: 409,
  ObjectNotAppendable: 409,
  PathConflict: 409,
  PositionNotEqualToLength: 409,
  UploadConflict: 409,
  MissingContentLength: 411,
  PreconditionFailed: 412,
  InvalidRange: 416,
  InternalError: 500,
  NotImplemented: 501,
  ServiceUnavailable: 503,
  SlowDown: 503,
  InsufficientStorage: 507,
} as const satisfies Record<string, number>

/** A code of a refusal, as COS documents it, or S3 what only its signatures and bodies have. */
export type CosErrorCode = keyof typeof statusOfCode

export function isCosErrorCode(text: string): text is CosErrorCode {
  return Object.hasOwn(statusOfCode, text)
}

/** A refusal that reaches the client as `<Error>` XML. */
export class CosError extends Error {
  override readonly name = 'CosError'
  readonly code: CosErrorCode
  readonly status: number
  /** More elements of the `<Error>`, such as `ServerTime`. */
  readonly elements: Readonly<Record<string, string>>
  /** More headers of the answer, such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>
  /** What was signed and what should have been, for the page; never part of the answer. */
  readonly explain: (() => SignatureExplanation) | undefined

  constructor(
    code: CosErrorCode,
    message: string,
    more: {
      readonly elements?: Readonly<Record<string, string>>
      readonly headers?: Readonly<Record<string, string>>
      readonly cause?: unknown
      readonly explain?: () => SignatureExplanation
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.code = code
    this.status = statusOfCode[code]
    this.elements = more.elements ?? {}
    this.headers = more.headers ?? {}
    this.explain = more.explain
  }
}

/** Told with the store's time, so that a client sees how far its clock is off. */
export function requestExpired(now: number): CosError {
  return new CosError('AccessDenied', 'Request has expired', {
    elements: { ServerTime: new Date(now).toISOString() },
  })
}

export function fileAlreadyExists(): CosError {
  return new CosError('FileAlreadyExists', 'There is an object of this key, and it must not be overwritten.')
}

/** Turns whatever was thrown into a refusal: a full disk is told as such, all else is `InternalError`. */
export function asCosError(thrown: unknown): CosError {
  if (thrown instanceof CosError) return thrown
  const code = systemErrorCode(thrown)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new CosError(
      'InsufficientStorage',
      'The disk of the store is full. Nothing of the request was stored.',
      {
        cause: thrown,
      },
    )
  }
  return new CosError('InternalError', 'The store failed. The request may be sent again.', { cause: thrown })
}

/**
 * The `code` of a Node system error (`ENOENT`, `ENOSPC`, …), or `undefined`. Node's errors are no `Error` of a context of
 * their own, such as that of a test in Jest.
 */
export function systemErrorCode(thrown: unknown): string | undefined {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined
}

/** What was thrown as an `Error`, which Node's own are not in another context; see {@link systemErrorCode}. */
export function asError(thrown: unknown): Error {
  return isErrorLike(thrown) ? thrown : new Error(String(thrown))
}

/** What to say of something that was thrown. */
export function messageOf(thrown: unknown): string {
  return asError(thrown).message
}

function isErrorLike(thrown: unknown): thrown is Error {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown && 'stack' in thrown
}

/** Why a store could not start. */
export type StartErrorCode = 'INVALID_OPTIONS' | 'PORT_TAKEN' | 'DIRECTORY_NOT_WRITABLE' | 'DIRECTORY_IN_USE'

/** Why the store could not start. The message says what to change. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly code: StartErrorCode

  constructor(code: StartErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
