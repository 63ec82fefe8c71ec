import type { BackendError } from '../core/backend-error.js'
import { wrong } from './credentials-answer.js'
import type { StsBackendOptions } from './sts-options.js'

/** Options of `new COS(…)` and `uploadFile(…)` of `cos-js-sdk-v5` whose names mean the same here. */
export interface CosCompatOptions {
  /** Name with APPID. */
  readonly Bucket: string
  readonly Region: string
  /**
   * Calls back with temporary credentials: `TmpSecretId`, `TmpSecretKey`, `SecurityToken`, `StartTime`, `ExpiredTime`. Its first
   * argument has `Bucket`, `Region` and `Key`; what the SDK tells of single requests is not there.
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

/** What does here what an option of the SDK is for, where its name would promise too much. */
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
 * Options of `cos-js-sdk-v5` as those of {@link stsBackend}, for a page that is moved from one to the other.
 *
 * @throws TypeError for an option whose name does not mean the same here; it says what does it instead
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

/** A page in JavaScript may call back with nothing; what is wrong with that is said like any other answer. */
function isSigned(answer: unknown): boolean {
  if (typeof answer === 'string') return true
  return typeof answer === 'object' && answer !== null && 'Authorization' in answer
}

/** Each part would have to ask the application's server. */
function signed(): BackendError {
  return wrong('called back with a signature of one request, where temporary credentials are needed')
}

function isPlainPage(): boolean {
  return typeof location !== 'undefined' && location.protocol === 'http:'
}
