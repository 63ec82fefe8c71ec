import type { BackendError } from '../core/backend-error.js'
import { wrong } from './credentials-answer.js'
import type { StsBackendOptions } from './sts-options.js'

/** Options of `new COS(…)` and `uploadFile(…)` of `cos-js-sdk-v5` that have the same meaning here. */
export interface CosCompatOptions {
  /** Name with APPID. */
  readonly Bucket: string
  /** Such as `ap-guangzhou`. */
  readonly Region: string
  /**
   * Calls back with temporary credentials: `TmpSecretId`, `TmpSecretKey`, `SecurityToken`, `StartTime`,
   * `ExpiredTime`. Its first argument has only `Bucket`, `Region` and `Key`, without the SDK's details of single
   * requests.
   */
  readonly getAuthorization: (
    options: { readonly Bucket: string; readonly Region: string; readonly Key: string },
    callback: (credentials: object | string) => void,
  ) => void
  /** `{Bucket}` and `{Region}` are filled in. */
  readonly Domain?: string
  /** Default: `http:` on a page of `http:`, else `https:`. */
  readonly Protocol?: 'http:' | 'https:'
  /** Default: false. */
  readonly UseAccelerate?: boolean
}

/** Replacements for SDK options that work differently here. */
const instead: Readonly<Record<string, string>> = {
  SecretId: 'nothing: a permanent key must never be in a page',
  SecretKey: 'nothing: a permanent key must never be in a page',
  Key: 'the option "keyPrefix": the rest of a key is made here, so that no file overwrites another',
  Body: 'upload(file)',
  ChunkSize: 'the option "partSize" of createUploader; without it the line decides',
  SliceSize: 'nothing: what goes in one request is decided by the line',
  FileParallelLimit: 'the option "filesAtOnce" of createUploader',
  ChunkParallelLimit: 'the option "concurrency" of createUploader, for all files together',
  ChunkRetryTimes: 'the option "retry" of createUploader',
  Timeout: 'nothing: a request is given up when it makes no progress',
  onProgress: "upload.on('change', …)",
  onTaskReady: 'what upload(file) answers',
}

const known = new Set(['Bucket', 'Region', 'getAuthorization', 'Domain', 'Protocol', 'UseAccelerate'])

/**
 * Converts options of `cos-js-sdk-v5` to those of {@link stsBackend}, for a page that migrates from the SDK.
 *
 * @throws TypeError for an option that works differently here; the message names its replacement
 * @example
 * const backend = stsBackend(cosCompat({ Bucket: 'b-1250000000', Region: 'ap-guangzhou', getAuthorization }))
 */
export function cosCompat(options: CosCompatOptions): StsBackendOptions {
  const { Bucket, Region, getAuthorization, UseAccelerate = false, Domain } = options
  for (const name of Object.keys(options)) {
    if (known.has(name)) continue
    throw new TypeError(`cosCompat has no option "${name}". Instead: ${instead[name] ?? 'see stsBackend'}.`)
  }
  if (typeof getAuthorization !== 'function')
    throw new TypeError('cosCompat needs the option "getAuthorization", a function.')
  const protocol = options.Protocol ?? (isPlainPage() ? 'http:' : 'https:')
  const domain = Domain ?? `{Bucket}.cos.${UseAccelerate ? 'accelerate' : '{Region}'}.myqcloud.com`
  const host = domain.replaceAll('{Bucket}', Bucket).replaceAll('{Region}', Region)
  return {
    bucket: Bucket,
    region: Region,
    endpoint: /^\w+:\/\//.test(host) ? host : `${protocol}//${host}`,
    getCredentials: ({ key }) =>
      new Promise((resolve, reject) => {
        getAuthorization({ Bucket, Region, Key: key ?? '' }, (answer) => {
          if (isSigned(answer)) reject(signed())
          else resolve(answer)
        })
      }),
  }
}

/** Accepts any value, because JavaScript callers may pass anything; other invalid answers are reported later. */
function isSigned(answer: unknown): boolean {
  if (typeof answer === 'string') return true
  return typeof answer === 'object' && answer !== null && 'Authorization' in answer
}

/** Signatures are refused because every part would need a request to the application's server. */
function signed(): BackendError {
  return wrong('called back with a signature of one request, where temporary credentials are needed')
}

function isPlainPage(): boolean {
  return typeof location !== 'undefined' && location.protocol === 'http:'
}
