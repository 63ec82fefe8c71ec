import type { SignatureExplanation } from './explanation/signature-explanation.js'

/**
 * All error codes of the store, with their HTTP status.
 *
 * Source: COS error codes, https://cloud.tencent.com/document/product/436/7730, and for codes that only S3 has,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. `InsufficientStorage` is this store's
 * own, because the real store has no disk that can fill up; its status is from RFC 4918 section 11.5.
 */
const statusOfCode = {
  AttachmentFull: 400,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  BadRequest: 400,
  BucketAccelerateNotEnabled: 400,
  DuplicateInventoryId: 400,
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
  MalformedPolicy: 400,
  MalformedTrailerError: 400,
  MalformedXML: 400,
  RequestTimeout: 400,
  TooManyConfigurations: 400,
  UserNetworkTooSlow: 400,
  XAmzContentSHA256Mismatch: 400,
  XMLSizeLimit: 400,
  PaymentRequired: 402,
  AccessDenied: 403,
  AccessForbidden: 403,
  InvalidAccessKeyId: 403,
  InvalidObjectState: 403,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  DomainConfigNotFoundError: 404,
  NoSuchBucket: 404,
  NoSuchBucketPolicy: 404,
  NoSuchConfiguration: 404,
  NoSuchCORSConfiguration: 404,
  NoSuchEncryptionConfiguration: 404,
  NoSuchKey: 404,
  NoSuchLifecycleConfiguration: 404,
  NoSuchTagSet: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NoSuchWebsiteConfiguration: 404,
  ObjectLockConfigurationNotFoundError: 404,
  OriginConfigurationNotFoundError: 404,
  ReplicationConfigurationNotFoundError: 404,
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

/** Error code as documented by COS, or by S3 for its own signatures and bodies. */
export type CosErrorCode = keyof typeof statusOfCode

export function isCosErrorCode(text: string): text is CosErrorCode {
  return Object.hasOwn(statusOfCode, text)
}

/** An error sent to the client as `<Error>` XML. */
export class CosError extends Error {
  override readonly name = 'CosError'
  readonly code: CosErrorCode
  readonly status: number
  /** Additional elements of the `<Error>`, such as `ServerTime`. */
  readonly elements: Readonly<Record<string, string>>
  /** Additional response headers, such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>
  /** Compares what was signed with what should have been, for the page; never part of the answer. */
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

/** Includes the store's time, so that the client can see how far off its clock is. */
export function requestExpired(now: number): CosError {
  return new CosError('AccessDenied', 'Request has expired', {
    elements: { ServerTime: new Date(now).toISOString() },
  })
}

export function fileAlreadyExists(): CosError {
  return new CosError('FileAlreadyExists', 'There is an object of this key, and it must not be overwritten.')
}

/** Converts anything thrown to a `CosError`: a full disk is reported as such, everything else as `InternalError`. */
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
 * The `code` of a Node system error (`ENOENT`, `ENOSPC`, …), or `undefined`. Does not use `instanceof`: in
 * another context, such as a Jest test, Node's errors are not instances of that context's `Error`.
 */
export function systemErrorCode(thrown: unknown): string | undefined {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined
}

/** Returns what was thrown as an `Error`, including Node's own errors in another context; see {@link systemErrorCode}. */
export function asError(thrown: unknown): Error {
  return isErrorLike(thrown) ? thrown : new Error(String(thrown))
}

/** Message of anything thrown. */
export function messageOf(thrown: unknown): string {
  return asError(thrown).message
}

function isErrorLike(thrown: unknown): thrown is Error {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown && 'stack' in thrown
}

/** Reason the store could not start. */
export type StartErrorCode = 'INVALID_OPTIONS' | 'PORT_TAKEN' | 'DIRECTORY_NOT_WRITABLE' | 'DIRECTORY_IN_USE'

/** Thrown if the store cannot start. The message says what to change. */
export class StartError extends Error {
  /** Always `StartError`. */
  override readonly name = 'StartError'
  /** Reason the store could not start, for use in code. */
  readonly code: StartErrorCode

  constructor(code: StartErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
