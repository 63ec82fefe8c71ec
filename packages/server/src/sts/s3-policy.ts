import type { StoreLocation } from '@carryon/object-store'
import type { StsScope } from './sts-issuer.js'

/** An IAM session policy (IAM user guide, "Policies and permissions": "Session policies"). */
export interface S3Policy {
  readonly Version: '2012-10-17'
  readonly Statement: readonly {
    readonly Effect: 'Allow'
    readonly Action: readonly string[]
    readonly Resource: readonly string[]
  }[]
}

/**
 * On S3 one action stands for writing a key: a plain PUT, and to start, fill and complete a multipart upload
 * (S3 user guide, "Multipart upload API and permissions"). Reading, listing, deleting and aborting are others. No condition
 * key is about a body's length, so more than the upload was opened for may be sent: up to twice as much may lie in the
 * store until it is completed or swept, and what is beyond is found then, and ended.
 */
const partActions = ['s3:PutObject']

const prefixActions = [
  's3:PutObject',
  's3:GetObject',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
]

/**
 * The policy that allows a scope and nothing more.
 *
 * @param partition `aws`, or the part of Amazon's cloud that the role is in, such as `aws-cn`.
 * @throws Error when the key would open other keys.
 */
export function s3Policy({ bucket }: StoreLocation, scope: StsScope, partition = 'aws'): S3Policy {
  const keys = `arn:${partition}:s3:::${bucket}/`
  switch (scope.kind) {
    case 'parts':
      return allow(partActions, `${keys}${exactly(scope.key)}`)
    case 'prefix':
      return allow(prefixActions, `${keys}${exactly(scope.prefix)}*`)
  }
}

function allow(action: readonly string[], resource: string): S3Policy {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: [resource] }] }
}

/** `*`, `?` and `${…}` in a resource stand for other text (IAM user guide, "Resource" and "Policy variables"). */
function exactly(path: string): string {
  if (/[*?]|\$\{/u.test(path)) throw new Error('a key with a wildcard cannot be named in a policy')
  return path
}
