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
 * S3 has one action for writing a key: a plain PUT, and starting, filling and completing a multipart upload (S3 user
 * guide, "Multipart upload API and permissions"). Reading, listing, deleting and aborting are separate actions. No
 * condition key limits a body's length, so a client can send more than the upload was opened for. The store may hold up
 * to twice as much until the upload is completed or swept; an upload with more is then ended.
 */
const partActions = ['s3:PutObject']

const prefixActions = [
  's3:PutObject',
  's3:GetObject',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
]

/**
 * A policy that allows exactly one scope.
 *
 * @param partition `aws`, or the part of Amazon's cloud that the role is in, such as `aws-cn`.
 * @throws Error when the key contains a wildcard and so would grant access to other keys.
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

/** `*`, `?` and `${…}` in a resource are wildcards or variables (IAM user guide, "Resource" and "Policy variables"). */
function exactly(path: string): string {
  if (/[*?]|\$\{/u.test(path)) throw new Error('a key with a wildcard cannot be named in a policy')
  return path
}
