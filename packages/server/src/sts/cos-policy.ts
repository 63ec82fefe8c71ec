import type { StoreLocation } from '@carryon/object-store'
import type { StsScope } from './sts-issuer.js'

/** A CAM policy in the form that GetFederationToken accepts: version 2.0, without a principal (1312/48195). */
export interface CosPolicy {
  readonly version: '2.0'
  readonly statement: readonly {
    readonly effect: 'allow'
    readonly action: readonly string[]
    readonly resource: readonly string[]
    readonly condition?: Readonly<Record<string, Readonly<Record<string, number>>>>
  }[]
}

/**
 * Actions that the official browser SDK uses to upload and read. Tencent's own example (436/30580) grants
 * ListMultipartUploads, a bucket operation, on the prefix too: it then covers listings of that prefix.
 */
const sdkActions = [
  'name/cos:PutObject',
  'name/cos:PostObject',
  'name/cos:HeadObject',
  'name/cos:GetObject',
  'name/cos:InitiateMultipartUpload',
  'name/cos:UploadPart',
  'name/cos:ListParts',
  'name/cos:ListMultipartUploads',
  'name/cos:CompleteMultipartUpload',
  'name/cos:AbortMultipartUpload',
]

/**
 * A policy that allows exactly one scope.
 *
 * @throws Error when the bucket's name does not end in an app id, as every COS bucket's does (436/13312).
 */
export function cosPolicy(location: StoreLocation, scope: StsScope): CosPolicy {
  switch (scope.kind) {
    case 'parts':
      // COS compares this condition with the Content-Length header (436/71307), so it limits each request. Tencent
      // documents the key only for whole objects; `_if_exist` keeps part uploads working if COS does not evaluate it for
      // parts.
      return allow(['name/cos:UploadPart'], [resource(location, exactly(scope.key))], {
        numeric_less_than_equal_if_exist: { 'cos:content-length': scope.largestPart },
      })
    case 'prefix':
      return allow(sdkActions, [resource(location, `${exactly(scope.prefix)}*`)])
  }
}

function allow(
  action: readonly string[],
  target: readonly string[],
  condition?: CosPolicy['statement'][number]['condition'],
): CosPolicy {
  const statement = { effect: 'allow', action, resource: target, ...(condition && { condition }) } as const
  return { version: '2.0', statement: [statement] }
}

/** 436/18023: `qcs::cos:<region>:uid/<appid>:<bucket>/<path>`. */
function resource({ bucket, region }: StoreLocation, path: string): string {
  const appId = /-(\d+)$/u.exec(bucket)?.[1]
  if (appId === undefined) throw new Error(`the bucket's name ${bucket} does not end in "-<app id>"`)
  return `qcs::cos:${region}:uid/${appId}:${bucket}/${path}`
}

/** A `*` or `?` in a resource is a wildcard, so a key that contains one would grant access to other keys. */
function exactly(path: string): string {
  if (/[*?]/u.test(path)) throw new Error('a key with a wildcard cannot be named in a policy')
  return path
}
