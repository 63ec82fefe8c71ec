import type { Operation } from '../routes.js'
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from './acl.js'
import { appendObject } from './append-object.js'
import {
  deleteBucket,
  deleteBucketCors,
  deleteBucketLifecycle,
  getBucketCors,
  getBucketLifecycle,
  getBucketLocation,
  headBucket,
  putBucket,
  putBucketCors,
  putBucketLifecycle,
} from './buckets.js'
import { keptOperations } from './configurations.js'
import { listedOperations } from './listed-configurations.js'
import { completeMultipartUpload } from './complete-upload.js'
import type { Answer, OperationContext } from './context.js'
import { putObjectCopy, uploadPartCopy } from './copy-object.js'
import { deleteMultipleObjects, deleteObject } from './delete-objects.js'
import { getObject, headObject } from './get-object.js'
import { getService } from './get-service.js'
import { getBucket, listMultipartUploads } from './list-bucket.js'
import { listVersions } from './list-versions.js'
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from './bucket-policy.js'
import { putObject } from './put-object.js'
import { restoreObject } from './restore-object.js'
import { getSymlink, putSymlink } from './symlink.js'
import {
  deleteBucketTagging,
  deleteObjectTagging,
  getBucketTagging,
  getObjectTagging,
  putBucketTagging,
  putObjectTagging,
} from './tagging.js'
import { abortMultipartUpload, initiateMultipartUpload, listParts, uploadPart } from './upload-parts.js'
import { getBucketVersioning, putBucketVersioning } from './versions.js'

/** Handler of each operation except form uploads, which can be authorized only after reading the body's fields. */
export const operations: Readonly<
  Record<Exclude<Operation, 'PostObject'>, (context: OperationContext) => Promise<Answer>>
> = {
  GetService: getService,
  HeadBucket: headBucket,
  PutBucket: putBucket,
  DeleteBucket: deleteBucket,
  GetBucket: getBucket,
  GetBucketLocation: getBucketLocation,
  GetBucketVersioning: getBucketVersioning,
  PutBucketVersioning: putBucketVersioning,
  GetBucketObjectVersions: listVersions,
  PutBucketCORS: putBucketCors,
  GetBucketCORS: getBucketCors,
  DeleteBucketCORS: deleteBucketCors,
  PutBucketLifecycle: putBucketLifecycle,
  GetBucketLifecycle: getBucketLifecycle,
  DeleteBucketLifecycle: deleteBucketLifecycle,
  PutBucketACL: putBucketAcl,
  GetBucketACL: getBucketAcl,
  PutBucketTagging: putBucketTagging,
  GetBucketTagging: getBucketTagging,
  DeleteBucketTagging: deleteBucketTagging,
  PutBucketPolicy: putBucketPolicy,
  GetBucketPolicy: getBucketPolicy,
  DeleteBucketPolicy: deleteBucketPolicy,
  ...keptOperations,
  ...listedOperations,
  ListMultipartUploads: listMultipartUploads,
  DeleteMultipleObjects: deleteMultipleObjects,
  PutObject: putObject,
  PutObjectCopy: putObjectCopy,
  GetObject: getObject,
  HeadObject: headObject,
  AppendObject: appendObject,
  PostObjectRestore: restoreObject,
  DeleteObject: deleteObject,
  PutObjectACL: putObjectAcl,
  GetObjectACL: getObjectAcl,
  PutObjectTagging: putObjectTagging,
  GetObjectTagging: getObjectTagging,
  DeleteObjectTagging: deleteObjectTagging,
  PutSymlink: putSymlink,
  GetSymlink: getSymlink,
  InitiateMultipartUpload: initiateMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  ListParts: listParts,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
}
